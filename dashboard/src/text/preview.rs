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

/// JSON on lines of its own; as it is where it is none.
pub(crate) fn pretty_json(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| text.to_owned())
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
    }
}
