//! What the loop is told, and what it says.

use api::history::Message;
use api::python::{LimitHit, Outcome, PythonError};
use api::tool::Tokens;
use serde::{Deserialize, Serialize};

use crate::model::Code;

/// What holds for a whole execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Attempts, at most.
    pub max_attempts: u32,
    /// Tokens of all attempts, at most.
    pub max_tokens: u64,
    /// Whether the first attempt runs what the caller sent, where that is Python.
    pub run_given: bool,
    /// Whether code is checked against the policy before it runs.
    pub check: bool,
    /// Whether a person approves code before it runs.
    pub approve: bool,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The execution begins.
    Begin,
    /// Code was looked at: why it is not Python, or why it may not run.
    Checked(Verdict),
    /// Code ran.
    Ran(Ran),
    /// The attempt's first messages are written.
    Briefed(Vec<Message>),
    /// What the model is told of the program that ran well is written.
    Reported(String),
    /// The model replied.
    Replied {
        /// The reply, whole.
        text: String,
        /// The program in it.
        code: Option<Code>,
        /// What it cost.
        tokens: Tokens,
    },
    /// The model can't be asked, whatever is said to it.
    ModelFailed(String),
    /// A person lets the proposed code run, or other code in its place.
    Approved(Option<String>),
    /// A person does not, and says why.
    Rejected(String),
    /// The time of the whole execution is over.
    OutOfTime,
}

/// What the checker found.
#[derive(Debug)]
pub enum Verdict {
    /// It may run.
    Allowed,
    /// It is not Python.
    NotPython(String),
    /// The policy forbids it.
    Refused(PythonError),
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// In one word.
    pub outcome: Outcome,
    /// Whether it ran: a program may be refused before.
    pub has_run: bool,
    /// Whether it was Python at all.
    pub compiled: bool,
    /// What it showed.
    pub output: String,
    /// What went wrong.
    pub error: Option<PythonError>,
    /// The limit that ended it.
    pub limit: Option<LimitHit>,
    /// Whether output was dropped.
    pub truncated: bool,
    /// One line that says what went wrong.
    pub error_line: String,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Look at this code before it runs; tell [`Event::Checked`].
    Check(String),
    /// Run this code; tell [`Event::Ran`].
    Run(String),
    /// Write the first messages of an attempt; tell [`Event::Briefed`].
    Brief,
    /// Write what the model is told of this run; tell [`Event::Reported`].
    Report(Ran),
    /// Send the [`Machine::conversation`]; tell [`Event::Replied`] or [`Event::ModelFailed`].
    Ask,
    /// Have a person look at this code; [`Event::Approved`] or [`Event::Rejected`] may come much later.
    Propose(String),
    /// It is over.
    End(End),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The last code that ran ended well.
    Succeeded,
    /// The last attempt failed; why there are no more, unless all were used.
    Failed(Option<Early>),
    /// The model could not be asked.
    ModelFailed(String),
    /// The run was cancelled from the service's side.
    Cancelled,
}

/// Why there are no more attempts though some are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Early {
    /// The same code failed with the same error.
    Repeated,
    /// The tokens are spent.
    Tokens,
    /// The time is over.
    Time,
}

/// An attempt that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    /// From 1.
    pub number: u32,
    /// The code that ran last, or would have; empty where there was none.
    pub code: String,
    /// What ran well in it before.
    pub steps: Vec<String>,
    /// How that ended.
    pub ran: Ran,
}
