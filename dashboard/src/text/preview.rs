//! How a file is shown, by its name.

/// Ways to show a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preview {
    /// A picture that can do nothing.
    Image,
    /// Shown in a frame: it may hold scripts.
    Svg,
    /// CSV and Excel, read by the server.
    Table,
    Json,
    Markdown,
    Python,
    Text,
    Pdf,
    /// Nothing can be shown; it can be downloaded.
    None,
}

/// Text of more bytes than this is shown in part.
pub(crate) const MAX_TEXT_BYTES: u64 = 1 << 20;
/// Anything else of more bytes is not fetched to be shown.
pub(crate) const MAX_BYTES: u64 = 20 << 20;

/// How to show the file of this path.
pub(crate) fn of(path: &str) -> Preview {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    match extension.as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" | "ico" | "avif" => Preview::Image,
        "svg" => Preview::Svg,
        "csv" | "tsv" | "xlsx" | "xlsm" => Preview::Table,
        "json" | "ipynb" | "geojson" => Preview::Json,
        "md" | "markdown" => Preview::Markdown,
        "py" | "pyi" => Preview::Python,
        "pdf" => Preview::Pdf,
        "txt" | "log" | "text" | "html" | "htm" | "xml" | "yaml" | "yml" | "toml" | "ini"
        | "cfg" | "sql" | "js" | "ts" | "css" | "sh" | "rst" | "tex" | "jsonl" | "ndjson" | "c"
        | "h" | "cpp" | "rs" | "go" | "java" | "r" | "diff" | "patch" | "env" | "out" | "err"
        | "dat" | "" => Preview::Text,
        _ => Preview::None,
    }
}

/// What is nested deeper stays as it is: each level indents all that is in it, which of a file of brackets makes gigabytes.
const MAX_DEPTH: usize = 100;

/// JSON on lines of its own; as it is where it is none. Only the spaces change: names keep their order and numbers their
/// digits.
pub(crate) fn pretty_json(text: &str) -> String {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut characters = text.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str("  "));
    };
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                while let Some(character) = characters.next() {
                    out.push(character);
                    match character {
                        '"' => break,
                        '\\' => out.extend(characters.next()),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(character);
                while characters
                    .next_if(|next| next.is_ascii_whitespace())
                    .is_some()
                {}
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    // What is empty stays on its line.
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        if depth > MAX_DEPTH {
                            return text.to_owned();
                        }
                        line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            space if space.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

/// The beginning of a text that may have been cut anywhere. What is no UTF-8 is shown as signs for that.
pub(crate) fn text_of(mut bytes: Vec<u8>, cut: bool) -> String {
    if cut
        && let Err(error) = std::str::from_utf8(&bytes)
        && error.error_len().is_none()
    {
        // The cut went through a character.
        bytes.truncate(error.valid_up_to());
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Columns of a table that hold numbers and nothing else.
pub(crate) fn number_columns(columns: usize, rows: &[Vec<String>]) -> Vec<bool> {
    let cells = |column| rows.iter().filter_map(move |row| row.get(column));
    let is_number = |cell: &String| cell.is_empty() || cell.parse::<f64>().is_ok();
    (0..columns)
        .map(|column| cells(column).all(is_number) && cells(column).any(|cell| !cell.is_empty()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_extension_decides() {
        for (path, preview) in [
            ("a/b.PNG", Preview::Image),
            ("plot.svg", Preview::Svg),
            ("x.tar.csv", Preview::Table),
            ("Makefile", Preview::Text),
            ("a.b/c", Preview::Text),
            ("page.html", Preview::Text),
            ("model.pkl", Preview::None),
        ] {
            assert_eq!(of(path), preview, "{path}");
        }
    }

    #[test]
    fn json_that_is_none_stays() {
        assert_eq!(pretty_json("{\"a\":[1]}"), "{\n  \"a\": [\n    1\n  ]\n}");
        assert_eq!(pretty_json("{oops"), "{oops");
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        assert_eq!(pretty_json(&deep), deep);
    }

    #[test]
    fn json_keeps_its_order_and_its_digits() {
        assert_eq!(
            pretty_json(
                r#"{"z":1.10,"a":{ },"s":"{\"a\":[1, 2]}\\","n":12345678901234567890123, "l":[ ]}"#
            ),
            "{\n  \"z\": 1.10,\n  \"a\": {},\n  \"s\": \"{\\\"a\\\":[1, 2]}\\\\\",\n  \
             \"n\": 12345678901234567890123,\n  \"l\": []\n}"
        );
    }

    #[test]
    fn a_cut_through_a_character_leaves_it_out() {
        let bytes = "aé".as_bytes();
        assert_eq!(text_of(bytes.to_vec(), true), "aé");
        assert_eq!(text_of(bytes[..2].to_vec(), true), "a");
        assert_eq!(text_of(bytes[..2].to_vec(), false), "a\u{fffd}");
        assert_eq!(text_of(vec![0xff, b'a'], true), "\u{fffd}a");
    }

    #[test]
    fn a_column_of_numbers_has_only_numbers() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = [row(&["1", "a", "", ""]), row(&["-2.5e3", "2", "7", ""])];
        assert_eq!(number_columns(4, &rows), [true, false, true, false]);
    }
}
