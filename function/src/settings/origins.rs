//! Where pages come from that may call: `cors_origins`.

use http::Uri;

/// Any page at all.
pub const ANY: &str = "*";

/// What may be told to an operator who wrote something else.
pub(super) const ALLOWED: &str =
    "empty, '*', or origins such as https://chat.example:8443, with commas or spaces between them";

/// Reads a list, with commas or white space between its items.
pub(super) fn parse(list: &str) -> Option<Vec<String>> {
    let items = list.split(|c: char| c == ',' || c.is_whitespace());
    let items: Vec<_> = items.filter(|item| !item.is_empty()).collect();
    match items.as_slice() {
        [ANY] => Some(vec![ANY.to_owned()]),
        origins => origins.iter().map(|item| origin(item)).collect(),
    }
}

/// As a browser writes it: without a path, and in small letters.
fn origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let whole = format!("{scheme}://{authority}");
    let is_web = matches!(scheme, "http" | "https");
    let is_named = !authority.host().is_empty() && !authority.as_str().contains(['@', '*']);
    (is_web && is_named && whole.eq_ignore_ascii_case(text)).then(|| whole.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_of_origins() {
        let none: [&str; 0] = [];
        assert_eq!(parse(" \n").unwrap(), none);
        assert_eq!(parse("*").unwrap(), ["*"]);
        assert_eq!(
            parse("https://a.example, HTTP://B:8080\nhttp://[::1]:3000").unwrap(),
            ["https://a.example", "http://b:8080", "http://[::1]:3000"]
        );
        for bad in [
            "a.example",
            "https://a.example/",
            "https://a.example/path",
            "https://a?q",
            "https://u@a",
            "ftp://a",
            "null",
            "https://*.a",
            "https://",
            "*, https://a",
            "https://a https://b/",
        ] {
            let text = format!("https://good,{bad}");
            assert_eq!(parse(&text), None, "{bad}");
        }
    }
}
