//! The interpreter's operating system: WASI preview 1, as far as CPython imports it, over a run's [`files`](crate::files).
//!
//! Numbers, flags and errors are WASI's own (`wasi_snapshot_preview1`); where addresses in the interpreter's memory come
//! in is [`calls`](crate)'s business, so all of this can be tested natively.
//!
//! - [`errno`](mod@errno): why a call fails
//! - [`descriptors`]: what is open; [`open`]: opening it; [`io`]: reading and writing it
//! - [`paths`]: calls that name a file; [`library`]: the standard library, which the host has
//! - [`time`]: clocks, and waiting

pub mod descriptors;
pub mod errno;
pub mod io;
pub mod library;
pub mod open;
pub mod paths;
pub mod time;

use std::time::{Duration, Instant};

use api::python::{LimitHit, MimeBundle, RunEvent, RunRequest};
use service::door::Door;
use service::output::Output;
use service::quota::Usage;

use crate::catalogue::Stored;
use crate::files::{Numbers, Tree};
use descriptors::Descriptors;
pub use errno::Errno;

/// Why a program must not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// It ended the process.
    Exit(i32),
    /// Its time is up.
    Deadline,
    /// Nobody wants to hear of it any more.
    Gone,
}

/// How often a long run's files are kept while it goes on: a program that its caller ends can't keep them itself.
const KEPT_EVERY: Duration = Duration::from_secs(1);

/// Which of the two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What the system has from outside.
pub struct Outside {
    /// Tells an event; false if nobody listens any more.
    pub tell: Box<dyn FnMut(RunEvent) -> bool>,
    /// Reads a file's bytes from the store.
    pub load: Box<dyn Fn(&Stored) -> Option<Vec<u8>>>,
    /// Fills memory with random bytes.
    pub random: fn(&mut [u8]),
    /// Where the host has the standard library.
    pub library: library::Library,
    /// Keeps a run's files as they are now: whatever ends the run, they are not lost.
    pub keep: Box<dyn FnMut(&Tree)>,
}

/// One run's system.
pub struct System {
    outside: Outside,
    /// The folders that the interpreter was given, the standard library's apart.
    workspace: Tree,
    tmp: Tree,
    numbers: Numbers,
    descriptors: Descriptors,
    stdin: Vec<u8>,
    stdin_read: usize,
    stdout: Output,
    stderr: Output,
    door: Door,
    used: Usage,
    most: Usage,
    refused: Option<LimitHit>,
    started: Instant,
    deadline: Instant,
    halt: Option<Halt>,
    kept: Instant,
    has_written: bool,
}

impl System {
    /// For a run in a workspace.
    pub fn new(request: &RunRequest, workspace: Tree, numbers: Numbers, outside: Outside) -> Self {
        let started = Instant::now();
        let tmp = Tree::empty(&numbers, time::now());
        let mut system = Self {
            outside,
            used: workspace.usage(),
            most: Usage::limits(request),
            workspace,
            tmp,
            numbers,
            descriptors: Descriptors::default(),
            stdin: request.stdin.clone().into_bytes(),
            stdin_read: 0,
            stdout: Output::new(request.max_output_bytes),
            stderr: Output::new(request.max_output_bytes),
            door: Door::default(),
            refused: None,
            started,
            deadline: started + Duration::from_millis(request.timeout_ms),
            halt: None,
            kept: started,
            has_written: false,
        };
        system.open_given();
        system
    }

    /// The program begins now: its time is counted from here.
    pub fn begin(&mut self, request: &RunRequest) {
        self.started = Instant::now();
        self.deadline = self.started + Duration::from_millis(request.timeout_ms);
    }

    /// Why the program must not go on, if it must not. Looked at after each call.
    pub fn halt(&self) -> Option<Halt> {
        self.halt
    }

    /// `proc_exit`.
    pub fn exit(&mut self, code: i32) {
        self.halt = Some(Halt::Exit(code));
    }

    /// A message through the door; false if it is none.
    pub fn door(&mut self, frame: &[u8]) -> bool {
        match self.door.receive(frame) {
            Ok(Some(bundle)) => self.show(bundle),
            Ok(None) => {}
            Err(_) => return false,
        }
        true
    }

    fn show(&mut self, bundle: MimeBundle) {
        self.tell(RunEvent::Result(bundle));
    }

    /// What a program wrote to one of its streams.
    fn print(&mut self, stream: Stream, bytes: &[u8]) {
        let text = match stream {
            Stream::Stdout => self.stdout.accept(bytes),
            Stream::Stderr => self.stderr.accept(bytes),
        };
        self.tell_text(stream, text);
    }

    fn tell_text(&mut self, stream: Stream, text: String) {
        if text.is_empty() {
            return;
        }
        self.tell(match stream {
            Stream::Stdout => RunEvent::Stdout { text },
            Stream::Stderr => RunEvent::Stderr { text },
        });
    }

    fn tell(&mut self, event: RunEvent) {
        if !(self.outside.tell)(event) {
            self.halt.get_or_insert(Halt::Gone);
        }
        self.look_at_the_clock();
    }

    /// Ends a program whose time is up, if it makes a call: one that only computes is ended by its caller.
    fn look_at_the_clock(&mut self) {
        if self.halt.is_none() && Instant::now() >= self.deadline {
            self.halt = Some(Halt::Deadline);
        }
    }

    /// A file was closed: what was written may be kept by now.
    fn keep_now_and_then(&mut self) {
        if self.has_written && self.kept.elapsed() >= KEPT_EVERY {
            (self.outside.keep)(&self.workspace);
            self.kept = Instant::now();
            self.has_written = false;
        }
    }

    /// `random_get`.
    pub fn random(&self, bytes: &mut [u8]) {
        (self.outside.random)(bytes);
    }

    /// Makes room for bytes, or says that there is none.
    fn admit_bytes(&mut self, growth: u64) -> Result<(), Errno> {
        let admitted = self.used.admit_bytes(growth, self.most);
        self.note(admitted)?;
        self.used.bytes += growth;
        Ok(())
    }

    /// The same for one more file, folder or link.
    fn admit_file(&mut self) -> Result<(), Errno> {
        let admitted = self.used.admit_file(self.most);
        self.note(admitted)?;
        self.used.files += 1;
        Ok(())
    }

    fn note(&mut self, admitted: Result<(), LimitHit>) -> Result<(), Errno> {
        admitted.map_err(|limit| {
            self.refused = Some(limit);
            Errno::NoSpc
        })
    }

    fn give_back(&mut self, bytes: u64, files: u64) {
        self.used.bytes = self.used.bytes.saturating_sub(bytes);
        self.used.files = self.used.files.saturating_sub(files);
    }

    /// What is left when a program has ended.
    pub fn end(mut self) -> Ended {
        for stream in [Stream::Stdout, Stream::Stderr] {
            let text = match stream {
                Stream::Stdout => self.stdout.finish(),
                Stream::Stderr => self.stderr.finish(),
            };
            self.tell_text(stream, text);
        }
        Ended {
            elapsed: self.started.elapsed(),
            dropped: (self.stdout.dropped(), self.stderr.dropped()),
            door: self.door,
            halt: self.halt,
            refused: self.refused,
            workspace: self.workspace,
        }
    }
}

/// What a program left.
pub struct Ended {
    /// How long it took.
    pub elapsed: Duration,
    /// Bytes of standard output and error that were past the limit.
    pub dropped: (u64, u64),
    /// What it said through the door.
    pub door: Door,
    /// Why it did not go on.
    pub halt: Option<Halt>,
    /// The latest refusal of space.
    pub refused: Option<LimitHit>,
    /// Its files.
    pub workspace: Tree,
}
