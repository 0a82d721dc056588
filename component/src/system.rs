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

use api::python::{LimitHit, RunEvent, RunRequest};
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

/// How often a long run's files are kept while it goes on: others should see them, and a program that its caller ends
/// can't keep them itself.
const KEPT_EVERY: Duration = Duration::from_secs(1);

/// Which of the two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Gives a file's bytes, if they can be had.
pub type Load = dyn Fn(&Stored) -> Option<Vec<u8>>;

/// What the system has from outside.
pub struct Outside {
    /// Tells an event; false if nobody listens any more.
    pub tell: Box<dyn FnMut(RunEvent) -> bool>,
    /// Whether anybody listens.
    pub is_wanted: Box<dyn Fn() -> bool>,
    /// Reads a file's bytes from the store.
    pub load: Box<Load>,
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
    /// Whether a file that was written has been closed since then, or something made, moved or removed.
    has_changed: bool,
    /// When the host last had the thread for others.
    yielded: Instant,
    /// Events that have not been told yet, in order.
    untold: Vec<RunEvent>,
    /// When the last one was.
    told: Instant,
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
            yielded: started,
            untold: Vec::new(),
            told: started,
            has_changed: false,
        };
        system.open_given();
        system
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
            Ok(Some(bundle)) => self.tell(RunEvent::Result(bundle)),
            Ok(None) => {}
            Err(_) => return false,
        }
        true
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
        match (self.untold.last_mut(), stream) {
            (Some(RunEvent::Stdout { text: before }), Stream::Stdout)
            | (Some(RunEvent::Stderr { text: before }), Stream::Stderr) => before.push_str(&text),
            (_, Stream::Stdout) => self.untold.push(RunEvent::Stdout { text }),
            (_, Stream::Stderr) => self.untold.push(RunEvent::Stderr { text }),
        }
        self.tell_now_and_then();
        self.look_at_the_clock();
    }

    fn tell(&mut self, event: RunEvent) {
        self.untold.push(event);
        self.tell_all();
        self.look_at_the_clock();
    }

    /// Telling costs more than printing: what is printed in quick succession is told together.
    fn tell_now_and_then(&mut self) {
        const TOGETHER: Duration = Duration::from_millis(1);
        if self.told.elapsed() >= TOGETHER {
            self.tell_all();
        }
    }

    fn tell_all(&mut self) {
        for event in std::mem::take(&mut self.untold) {
            if !(self.outside.tell)(event) {
                self.halt.get_or_insert(Halt::Gone);
            }
            self.told = Instant::now();
        }
    }

    /// Now and then, also of a program that only computes: ends it if its time is up, keeps its files, and lets others
    /// have the thread.
    pub fn tick(&mut self) {
        /// How long a program may keep the host's thread. A host that has few of them can serve nobody meanwhile, and
        /// can't notice that a caller has gone.
        const SLICE: Duration = Duration::from_millis(50);
        self.tell_now_and_then();
        self.look_at_the_clock();
        if self.halt.is_none() && self.yielded.elapsed() >= SLICE {
            // No host waits for less than a millisecond.
            std::thread::sleep(Duration::from_micros(100));
            self.look_around();
            self.yielded = Instant::now();
        }
    }

    /// What a program that does not call for long would miss.
    fn look_around(&mut self) {
        if !(self.outside.is_wanted)() {
            self.halt.get_or_insert(Halt::Gone);
        }
        self.keep_now_and_then();
    }

    /// Ends a program whose time is up.
    fn look_at_the_clock(&mut self) {
        if self.halt.is_none() && Instant::now() >= self.deadline {
            self.halt = Some(Halt::Deadline);
        }
    }

    fn keep_now_and_then(&mut self) {
        if self.has_changed && self.kept.elapsed() >= KEPT_EVERY {
            (self.outside.keep)(&self.workspace);
            self.kept = Instant::now();
            self.has_changed = false;
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
        self.tell_all();
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
