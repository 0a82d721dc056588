//! A command of the binary that runs to its end.

use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::binary::vivarium_command;

/// Runs `vivarium ARGUMENTS` with something on its standard input.
#[track_caller]
pub(crate) fn vivarium(arguments: &[&str], stdin: &str) -> Ended {
    run(vivarium_command(), arguments, stdin)
}

/// Runs `vivarium ARGUMENTS` with a cache folder of its own instead of the user's.
#[track_caller]
pub(crate) fn vivarium_with_cache(cache: &Path, arguments: &[&str]) -> Ended {
    let mut command = vivarium_command();
    command.env("XDG_CACHE_HOME", cache);
    run(command, arguments, "")
}

/// Runs `vivarium ARGUMENTS` in another folder than the checkout.
#[track_caller]
pub(crate) fn vivarium_in(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = vivarium_command();
    command.current_dir(folder);
    run(command, arguments, "")
}

fn run(mut command: Command, arguments: &[&str], stdin: &str) -> Ended {
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("it can be started");
    // It may end without having read everything, and that is what the test then sees.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("it was started");
    Ended {
        command: format!("vivarium {}", arguments.join(" ")),
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// What a command left. Shown, it is what a terminal would show.
pub(crate) struct Ended {
    command: String,
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Asserts the exit status.
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "\n{self}");
        self
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self
            .status
            .map_or("a signal".to_owned(), |status| status.to_string());
        writeln!(
            f,
            "$ {}\n{}{}exit status: {status}",
            self.command, self.stdout, self.stderr
        )
    }
}
