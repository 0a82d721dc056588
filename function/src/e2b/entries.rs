//! What a sandbox's folders hold, in the words of E2B's file system service. There are no folders but those that
//! files are in.

use std::collections::BTreeMap;

use api::files::{FileEntry, FileList};
use jiff::Timestamp;
use serde::Serialize;

use super::paths::{Place, absolute};

/// `filesystem.EntryInfo`, in protobuf's JSON. Owners and permissions, which mean nothing here, are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    path: String,
    /// Bytes; as text, since JSON's numbers may not hold 64 bits.
    size: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_time: Option<Timestamp>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// A regular file.
    #[serde(rename = "FILE_TYPE_FILE")]
    File,
    /// A folder.
    #[serde(rename = "FILE_TYPE_DIRECTORY")]
    Folder,
}

/// One entry, if it is there.
pub fn stat(list: &FileList, place: &Place) -> Option<Entry> {
    let Place::Inside(path) = place else {
        return Some(folder(""));
    };
    let path = path.as_str();
    match list.files.iter().find(|file| file.path == path) {
        Some(file) => Some(self::file(file)),
        None => inside(list, place).next().map(|_| folder(path)),
    }
}

/// What is in a folder, and in those in it down to `depth`, ordered by path; nothing if it is none.
pub fn list(list: &FileList, place: &Place, depth: usize) -> Option<Vec<Entry>> {
    if stat(list, place)?.kind != Kind::Folder {
        return None;
    }
    let start = prefix(place).len();
    let mut entries = BTreeMap::new();
    for found in inside(list, place) {
        let cuts = found.path[start..]
            .match_indices('/')
            .map(|(at, _)| start + at);
        for (_, cut) in (0..depth).zip(cuts) {
            let path = &found.path[..cut];
            entries
                .entry(path.to_owned())
                .or_insert_with(|| folder(path));
        }
        if found.path[start..].split('/').count() <= depth {
            entries.insert(found.path.clone(), file(found));
        }
    }
    Some(entries.into_values().collect())
}

/// The files in a folder, however deep.
pub fn inside<'a>(list: &'a FileList, place: &Place) -> impl Iterator<Item = &'a FileEntry> {
    let prefix = prefix(place);
    let files = list.files.iter();
    files.filter(move |file| file.path.starts_with(&prefix))
}

fn prefix(place: &Place) -> String {
    match place {
        Place::Root => String::new(),
        Place::Inside(path) => format!("{path}/"),
    }
}

fn file(file: &FileEntry) -> Entry {
    Entry {
        kind: Kind::File,
        size: file.info.size.to_string(),
        modified_time: Some(file.info.modified),
        ..folder(&file.path)
    }
}

fn folder(path: &str) -> Entry {
    let path = match path {
        "" => Place::Root.absolute(),
        path => absolute(path),
    };
    Entry {
        name: path.rsplit('/').next().unwrap_or_default().to_owned(),
        kind: Kind::Folder,
        path,
        size: "0".to_owned(),
        modified_time: None,
    }
}

#[cfg(test)]
mod tests {
    use api::files::FileInfo;

    use super::*;

    fn files(paths: &[&str]) -> FileList {
        let info = FileInfo {
            size: 3,
            modified: Timestamp::UNIX_EPOCH,
            content_type: String::new(),
            changed: false,
        };
        let entry = |path: &&str| FileEntry {
            path: (*path).to_owned(),
            info: info.clone(),
        };
        FileList {
            files: paths.iter().map(entry).collect(),
            total_bytes: 0,
        }
    }

    fn paths(files: &FileList, folder: &str, depth: usize) -> Option<Vec<String>> {
        let entries = list(files, &Place::parse(folder).unwrap(), depth)?;
        Some(entries.into_iter().map(|entry| entry.path).collect())
    }

    #[test]
    fn a_folder_is_listed_as_deep_as_asked() {
        let files = files(&["a.txt", "b/c.txt", "b/d/e.txt", "bc"]);
        let all = ["a.txt", "b", "b/c.txt", "b/d", "b/d/e.txt", "bc"].map(absolute);
        let listed = |numbers: &[usize]| numbers.iter().map(|n| all[*n].clone()).collect();
        assert_eq!(paths(&files, "", 1), Some(listed(&[0, 1, 5])));
        assert_eq!(paths(&files, "", 2), Some(listed(&[0, 1, 2, 3, 5])));
        assert_eq!(paths(&files, "", 9), Some(listed(&[0, 1, 2, 3, 4, 5])));
        assert_eq!(paths(&files, "b", 1), Some(listed(&[2, 3])));
        assert_eq!(paths(&files, "a.txt", 1), None);
        assert_eq!(paths(&files, "nowhere", 1), None);
    }

    #[test]
    fn an_entry_is_a_file_or_what_files_are_in() {
        let files = files(&["b/c.txt"]);
        let kind = |path| stat(&files, &Place::parse(path).unwrap()).map(|entry| entry.kind);
        assert_eq!(kind("b/c.txt"), Some(Kind::File));
        assert_eq!(kind("b"), Some(Kind::Folder));
        assert_eq!(kind("/workspace"), Some(Kind::Folder));
        assert_eq!(kind("c.txt"), None);
    }
}
