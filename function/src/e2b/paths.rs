//! Where a sandbox's files are: under `/workspace`, and nowhere else.

use api::{InvalidId, WorkspacePath};

/// What programs have as their current directory.
pub const ROOT: &str = "/workspace";

/// A place in a sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The workspace itself.
    Root,
    /// Something in it.
    Inside(WorkspacePath),
}

/// Why there is no such place. The message is written for the caller.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPlace {
    /// An absolute path to somewhere else.
    #[error("`{}` is not under `{ROOT}`, where a sandbox's files are: name it from there, or relatively", .0.escape_debug())]
    Outside(String),
    /// Not a path of a file.
    #[error(transparent)]
    Invalid(#[from] InvalidId),
    /// The workspace, where a file is wanted.
    #[error("`{ROOT}` is a folder")]
    Folder,
}

impl Place {
    /// Understands a path, absolute or relative to the workspace.
    pub fn parse(path: &str) -> Result<Self, BadPlace> {
        let inside = match path.strip_prefix(ROOT) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
            _ if path.starts_with('/') => return Err(BadPlace::Outside(path.to_owned())),
            _ => path,
        };
        let parts = inside.split('/').filter(|part| !matches!(*part, "" | "."));
        let parts: Vec<_> = parts.collect();
        if parts.is_empty() {
            return Ok(Self::Root);
        }
        Ok(Self::Inside(WorkspacePath::parse(&parts.join("/"))?))
    }

    /// Understands the path of a file.
    pub fn file(path: &str) -> Result<WorkspacePath, BadPlace> {
        match Self::parse(path)? {
            Self::Inside(path) => Ok(path),
            Self::Root => Err(BadPlace::Folder),
        }
    }

    /// As programs name it.
    pub fn absolute(&self) -> String {
        match self {
            Self::Root => ROOT.to_owned(),
            Self::Inside(path) => absolute(path.as_str()),
        }
    }
}

/// A workspace's file as programs name it.
pub fn absolute(path: &str) -> String {
    format!("{ROOT}/{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_many_names() {
        for path in [
            "a/b",
            "./a/b",
            "/workspace/a/b",
            "/workspace//a/./b/",
            "a//b",
        ] {
            assert_eq!(Place::file(path).unwrap().as_str(), "a/b", "{path}");
        }
        for path in ["", ".", "/workspace", "/workspace/"] {
            assert_eq!(Place::parse(path), Ok(Place::Root), "{path}");
            assert_eq!(Place::file(path), Err(BadPlace::Folder), "{path}");
        }
    }

    #[test]
    fn nothing_else_is_there() {
        for path in ["/home/user/a", "/", "/workspaces/a", "/etc/passwd"] {
            assert_eq!(Place::parse(path), Err(BadPlace::Outside(path.to_owned())));
        }
        for path in ["../a", "/workspace/../a", "a/../../b", "a\\b"] {
            assert!(
                matches!(Place::parse(path), Err(BadPlace::Invalid(_))),
                "{path}"
            );
        }
    }
}
