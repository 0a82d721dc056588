//! Why a call fails, in WASI's numbers.

/// `errno` of WASI preview 1, as far as these calls fail so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Errno {
    /// No such descriptor, or none of that kind.
    BadF = 8,
    /// It is there already.
    Exist = 20,
    /// It can't be done with these arguments.
    Inval = 28,
    /// The bytes could not be had.
    Io = 29,
    /// It is a folder.
    IsDir = 31,
    /// Links that lead in a circle.
    Loop = 32,
    /// Too many open.
    MFile = 33,
    /// A name is too long.
    NameTooLong = 37,
    /// It is not there.
    NoEnt = 44,
    /// The workspace is full.
    NoSpc = 51,
    /// There is no such thing here.
    NoSys = 52,
    /// It is no folder.
    NotDir = 54,
    /// The folder has something in it.
    NotEmpty = 55,
    /// No socket.
    NotSock = 57,
    /// It can't be done.
    NotSup = 58,
    /// It may not be done.
    Perm = 63,
    /// It has no position.
    SPipe = 70,
    /// Two file systems.
    XDev = 75,
}

impl std::fmt::Display for Errno {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exist => "something else is there",
            Self::Loop => "its links lead in a circle",
            Self::NameTooLong => "a part of it is too long",
            Self::IsDir => "it is a folder",
            _ => "it can't be used",
        })
    }
}
