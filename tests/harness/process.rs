//! A server process: started, listened to, and certainly ended.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Everything a process printed so far, for whoever wants to know why something failed.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<String>>);

impl Log {
    /// A copy of it.
    pub(crate) fn text(&self) -> String {
        self.0.lock().expect("no writer panics").clone()
    }

    fn push(&self, line: &str) {
        self.0.lock().expect("no writer panics").push_str(line);
    }

    /// Collects a stream line by line, handing each line on, until the stream ends.
    fn collect(&self, stream: impl Read, mut seen: impl FnMut(&str)) {
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line).into_owned();
            self.push(&text);
            seen(&text);
            line.clear();
        }
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Process {
    child: Child,
    address: String,
    log: Log,
}

impl Process {
    /// Starts a server and waits until it says where it listens.
    ///
    /// # Panics
    /// If it ends before that, with all that it said.
    pub(crate) fn start(command: Command) -> Self {
        Self::start_other(command, |line| {
            let (_, address) = line.split_once("listening on http://")?;
            Some(address.to_owned())
        })
    }

    /// Starts a server that is not ours, and finds in a line that it prints where it listens.
    pub(crate) fn start_other(
        mut command: Command,
        listens: impl Fn(&str) -> Option<String> + Send + 'static,
    ) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("can't start {command:?}: {error}"));
        let log = Log::default();
        let (stdout, stderr) = (
            child.stdout.take().expect("piped"),
            child.stderr.take().expect("piped"),
        );
        let collector = log.clone();
        let errors = std::thread::spawn(move || collector.collect(stderr, |_| ()));
        let (sender, receiver) = std::sync::mpsc::channel();
        let collector = log.clone();
        std::thread::spawn(move || {
            collector.collect(stdout, |line| {
                if let Some(address) = listens(line.trim_end()) {
                    // The one who waits may have given up, which is not this thread's business.
                    let _ = sender.send(address);
                }
            });
        });
        let Ok(address) = receiver.recv() else {
            let status = child.wait().expect("it was started");
            errors.join().expect("the collector does not panic");
            panic!(
                "{command:?} ended with {status} before it listened:\n{}",
                log.text()
            );
        };
        Self {
            child,
            address,
            log,
        }
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What it printed.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does, at once and with no chance to put things right.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was started");
    }

    /// Asks it to end, as an init system does.
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status()
            .expect("`kill` exists");
        assert!(status.success(), "kill -TERM ended with {status}");
    }

    /// Waits for its end after [`Self::terminate`].
    pub(crate) fn wait(mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it was started") {
                return status;
            }
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "it does not end:\n{}",
                self.log.text()
            );
            std::thread::yield_now();
        }
    }

    /// Opens a connection and sends a request, byte for byte, without waiting for an answer.
    pub(crate) fn send_raw(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        stream
    }

    /// Leaves the process to end with this one: a static is never dropped.
    ///
    /// A shell waits on a pipe that closes when this process is gone, however it goes.
    pub(crate) fn end_with_us(&self, folder: &Path) {
        Self::end_later(&self.id().to_string(), folder);
    }

    /// The same for a process that leads a group, with the whole of that.
    pub(crate) fn end_group_with_us(&self, folder: &Path) {
        Self::end_later(&format!("-{}", self.id()), folder);
    }

    fn end_later(whom: &str, folder: &Path) {
        let script = r#"cat >/dev/null; kill -9 "$1"; rm -rf "$2""#;
        let watcher = Command::new("sh")
            .args(["-c", script, "sh", whom])
            .arg(folder)
            .stdin(Stdio::piped())
            // Ctrl-C in a terminal is for our group, and ends us and not who cleans up after us.
            .process_group(0)
            .spawn()
            .expect("`sh` exists");
        std::mem::forget(watcher);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do about it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
