//! A workspace's files as a tree: the lines of it that are open.

use api::files::FileEntry;

/// A line of the tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// From the workspace, `/`-separated.
    pub(crate) path: String,
    /// The last part of it.
    pub(crate) name: String,
    /// Folders above it.
    pub(crate) depth: usize,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Folder {
        open: bool,
        /// In it and below.
        files: u64,
    },
    File(FileEntry),
}

/// The lines of `files`, which are ordered by path: folders before files, each in the order of their names, and
/// nothing of what is in a closed folder.
pub(crate) fn lines<'a>(
    files: impl IntoIterator<Item = &'a FileEntry>,
    is_open: impl Fn(&str) -> bool,
) -> Vec<Line> {
    let files: Vec<&FileEntry> = files.into_iter().collect();
    let mut lines = Vec::new();
    below(&files, 0, 0, &is_open, &mut lines);
    lines
}

/// The lines of files that all begin with the same `prefix` bytes.
fn below(
    files: &[&FileEntry],
    prefix: usize,
    depth: usize,
    is_open: &impl Fn(&str) -> bool,
    lines: &mut Vec<Line>,
) {
    let folder_end = |file: &FileEntry| file.path[prefix..].find('/').map(|at| prefix + at);
    // What is in a folder stands together, since everything in it begins with its path and a `/`.
    let mut rest = files;
    while let Some(first) = rest.first() {
        let Some(end) = folder_end(first) else {
            rest = &rest[1..];
            continue;
        };
        let inside = &first.path[..=end];
        let count = rest
            .iter()
            .take_while(|file| file.path.starts_with(inside))
            .count();
        let path = &first.path[..end];
        let open = is_open(path);
        lines.push(Line {
            path: path.to_owned(),
            name: path[prefix..].to_owned(),
            depth,
            kind: Kind::Folder {
                open,
                files: count as u64,
            },
        });
        if open {
            below(&rest[..count], end + 1, depth + 1, is_open, lines);
        }
        rest = &rest[count..];
    }
    for file in files.iter().filter(|file| folder_end(file).is_none()) {
        lines.push(Line {
            path: file.path.clone(),
            name: file.path[prefix..].to_owned(),
            depth,
            kind: Kind::File((*file).clone()),
        });
    }
}

/// Whether a file's path has all words of a search in it, whatever their case.
pub(crate) fn is_found(path: &str, search: &str) -> bool {
    let path = path.to_lowercase();
    search
        .to_lowercase()
        .split_whitespace()
        .all(|word| path.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::files::FileInfo;
    use jiff::Timestamp;

    fn files(paths: &[&str]) -> Vec<FileEntry> {
        let mut paths = paths.to_vec();
        paths.sort_unstable();
        let info = FileInfo {
            size: 1,
            modified: Timestamp::UNIX_EPOCH,
            content_type: "text/plain".into(),
            changed: false,
        };
        let entry = |path: &str| FileEntry {
            path: path.to_owned(),
            info: info.clone(),
        };
        paths.into_iter().map(entry).collect()
    }

    fn drawn(paths: &[&str], open: &[&str]) -> Vec<String> {
        let draw = |line: Line| {
            let sign = match line.kind {
                Kind::Folder { open, files } => format!("{}{files}", if open { "-" } else { "+" }),
                Kind::File(_) => String::new(),
            };
            format!("{}{}{sign}", " ".repeat(line.depth), line.name)
        };
        lines(&files(paths), |path| open.contains(&path))
            .into_iter()
            .map(draw)
            .collect()
    }

    #[test]
    fn folders_come_first_and_only_open_ones_show_what_is_in_them() {
        let paths = ["z", "a/x", "a/b/c", "a/b/d", "a-b", "m/n", "a.txt"];
        assert_eq!(drawn(&paths, &[]), ["a+3", "m+1", "a-b", "a.txt", "z"]);
        assert_eq!(
            drawn(&paths, &["a", "a/b"]),
            [
                "a-3", " b-2", "  c", "  d", " x", "m+1", "a-b", "a.txt", "z"
            ]
        );
        // A folder in one that is closed is not seen.
        assert_eq!(drawn(&paths, &["a/b"]).len(), 5);
    }

    #[test]
    fn a_folder_and_a_name_that_begins_like_it_are_two() {
        assert_eq!(
            drawn(&["ab/x", "a/x", "a b/x"], &[]),
            ["a b+1", "a+1", "ab+1"]
        );
        assert!(drawn(&[], &[]).is_empty());
    }

    #[test]
    fn deep_trees_are_no_trouble() {
        let path = "a/".repeat(511) + "b";
        assert_eq!(lines(&files(&[&path]), |_| true).len(), 512);
    }

    #[test]
    fn words_are_found_anywhere_in_a_path() {
        assert!(is_found("Data/Sales 2024.CSV", "csv sales"));
        assert!(is_found("a", " "));
        assert!(!is_found("Data/Sales.csv", "sales txt"));
    }
}
