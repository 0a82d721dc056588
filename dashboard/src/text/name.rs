//! Names that a program gave: shown so that they can't pass for others.

/// The name with what can't be seen, or turns the text around, written out: `evil\u{202e}gpj.exe`.
pub(crate) fn visible(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            // Marks, overrides and isolates of direction, and what has no width.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{061c}' => out.extend(character.escape_unicode()),
            _ if character.is_control() => out.extend(character.escape_default()),
            _ => out.push(character),
        }
    }
    out
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a path; empty at the top.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_hides_nothing() {
        assert_eq!(visible("été 1.csv"), "été 1.csv");
        assert_eq!(visible("a\nb\u{202e}gpj.exe"), "a\\nb\\u{202e}gpj.exe");
        assert_eq!(visible("<script>"), "<script>");
    }

    #[test]
    fn a_path_is_a_folder_and_a_name() {
        assert_eq!((folder("a/b/c"), file_name("a/b/c")), ("a/b", "c"));
        assert_eq!((folder("c"), file_name("c")), ("", "c"));
    }
}
