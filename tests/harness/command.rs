//! A command that runs to its end: of the binary, or a client's script.

use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::binary::{root, vivarium_command};

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

/// Runs a script of the checkout, named first, with the clients that `cargo xtask test` installs, unmodified as their registry has
/// them. `environment` says where to find what.
#[track_caller]
pub(crate) fn client(script: &[&str], environment: &[(&str, &str)]) -> Ended {
    let python = root().join("target/tools/venv/bin/python");
    assert!(
        python.is_file(),
        "{} is missing: run `cargo xtask test`",
        python.display()
    );
    let mut command = Command::new(python);
    command.current_dir(root()).env_clear();
    // What the person who runs the tests has set must not decide how they end.
    let kept = ["PATH", "HOME", "LANG"].map(|name| (name, std::env::var(name)));
    let kept = kept
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_ref().ok()?)));
    command.envs(kept).envs(environment.iter().copied());
    finish(command, "python", script, "")
}

fn run(command: Command, arguments: &[&str], stdin: &str) -> Ended {
    finish(command, "vivarium", arguments, stdin)
}

fn finish(mut command: Command, name: &str, arguments: &[&str], stdin: &str) -> Ended {
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
        command: format!("{name} {}", arguments.join(" ")),
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
