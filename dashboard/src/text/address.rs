//! The address of a session's page: which file is shown, and how.
//!
//! The router decodes a query twice, and a file may be called `50%25.csv`: so it is read here.

/// What the query says. What it does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Address {
    /// The path of the file that is shown.
    pub(crate) file: String,
    /// Its sheet, where it has sheets.
    pub(crate) sheet: String,
    /// What the names of files are searched for.
    pub(crate) q: String,
    /// Whether a narrow page shows the files rather than the executions.
    pub(crate) files: bool,
}

impl Address {
    /// Reads a query, with or without its `?`.
    pub(crate) fn read(query: &str) -> Self {
        let mut address = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value);
            match name {
                "file" => address.file = value,
                "sheet" => address.sheet = value,
                "q" => address.q = value,
                "view" => address.files = value == "files",
                _ => {}
            }
        }
        address
    }

    /// The address of this in a session whose id needs no encoding.
    pub(crate) fn of(&self, session: &str) -> String {
        let mut url = format!("/sessions/{session}");
        let mut sign = '?';
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                url += &format!("{sign}{name}={}", encoded(value));
                sign = '&';
            }
        };
        put("view", if self.files { "files" } else { "" });
        put("q", &self.q);
        put("file", &self.file);
        put("sheet", &self.sheet);
        url
    }
}

/// Everything but letters, digits and a few signs as `%` and two digits.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// The text again. A `%` that begins nothing stays.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let coded = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (coded, bytes[at]) {
            (Some(byte), _) => {
                out.push(byte);
                at += 2;
            }
            (None, b'+') => out.push(b' '),
            (None, byte) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_same_file_again() {
        for file in [
            "a b.csv",
            "50%25 off&on=#?.txt",
            "é/ü+.md",
            "\u{202e}\n<b>",
            "%",
        ] {
            let address = Address {
                file: file.into(),
                sheet: "Sheet 1".into(),
                q: "a&b".into(),
                files: true,
            };
            let url = address.of("s");
            let (path, query) = url.split_once('?').unwrap();
            assert_eq!(path, "/sessions/s");
            assert_eq!(Address::read(query), address);
        }
        assert_eq!(Address::default().of("s"), "/sessions/s");
    }

    #[test]
    fn what_is_no_code_stays() {
        assert_eq!(Address::read("?file=100%+%zz%é%+1").file, "100% %zz%é% 1");
        assert_eq!(Address::read("?other=1&file").file, "");
    }
}
