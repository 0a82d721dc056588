//! The door: how the guest tells the host what it can't say on standard output.
//!
//! Any program can use it, so a frame is a claim about the program's own run and nothing more: it is
//! checked for shape and size, and ends up where the program's output would.

use api::python::MimeBundle;
use serde::Deserialize;

/// A figure in print quality is a megabyte or two.
const MAX_FRAME_BYTES: usize = 16 << 20;
/// All results of a run.
const MAX_RESULT_BYTES: usize = 32 << 20;
const MAX_RESULTS: usize = 200;

/// What a frame may hold.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame {
    Result { bundle: MimeBundle },
    Finished(Claim),
}

/// How the program says it ended.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// In one word.
    pub outcome: ClaimedOutcome,
    /// As a shell would have it.
    pub returncode: i32,
    /// The exception's type.
    pub name: String,
    /// The exception as text.
    pub value: String,
    /// As Python prints it.
    pub traceback: String,
    /// Of an `OSError`, its number.
    pub errno: Option<i32>,
    /// What helps to mend the error.
    pub context: String,
    /// Whether the source is Python.
    #[serde(default = "compiled")]
    pub compiled: bool,
}

fn compiled() -> bool {
    true
}

/// The outcomes that are the program's own to say.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedOutcome {
    /// It came to its end.
    #[default]
    Ok,
    /// Nothing caught it.
    Exception,
    /// `sys.exit`.
    Exit,
}

/// A frame is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadFrame;

/// One run's side of the door.
#[derive(Debug, Default)]
pub struct Door {
    results: usize,
    result_bytes: usize,
    dropped: u64,
    claim: Option<Claim>,
}

impl Door {
    /// Takes a frame; gives what is to be shown.
    pub fn receive(&mut self, frame: &[u8]) -> Result<Option<MimeBundle>, BadFrame> {
        if frame.len() > MAX_FRAME_BYTES {
            // As any result past the limit: it is dropped and counted, and the program goes on.
            self.dropped += 1;
            return Ok(None);
        }
        match serde_json::from_slice(frame).map_err(|_| BadFrame)? {
            Frame::Result { bundle } => Ok(self.admit(frame.len()).then_some(bundle)),
            Frame::Finished(claim) => {
                self.claim = Some(claim);
                Ok(None)
            }
        }
    }

    fn admit(&mut self, bytes: usize) -> bool {
        self.results += 1;
        self.result_bytes = self.result_bytes.saturating_add(bytes);
        let admitted = self.results <= MAX_RESULTS && self.result_bytes <= MAX_RESULT_BYTES;
        self.dropped += u64::from(!admitted);
        admitted
    }

    /// Results that came after the limit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// What the program said last of its end.
    pub fn claim(&mut self) -> Option<Claim> {
        self.claim.take()
    }
}
