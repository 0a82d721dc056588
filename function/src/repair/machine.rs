//! The loop as a state machine: it is told what happened and says what to do next. It can be kept as JSON, so that
//! an execution can wait for a person and go on in another request.

use api::history::{Message, Role};
use api::python::{Outcome, PythonError};
use api::tool::Tokens;
use serde::{Deserialize, Serialize};

use crate::model::Code;

/// Programs in one attempt. A model that goes on and on has lost its way.
const MAX_STEPS: usize = 8;

mod words;

pub use words::{Action, Early, End, Event, Failed, Plan, Ran, Verdict};

/// The loop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    plan: Plan,
    /// What the caller sent.
    given: String,
    failed: Vec<Failed>,
    tokens: Tokens,
    attempt: Attempt,
}

/// The attempt under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Attempt {
    number: u32,
    /// With the model, in this attempt.
    conversation: Vec<Message>,
    /// What runs, or waits to.
    code: String,
    /// Whether the caller wrote it.
    given: bool,
    /// Whether the model said that nothing is left to do once it has run.
    done: bool,
    /// Whether a person has let it run.
    approved: bool,
    /// What ran well already.
    steps: Vec<String>,
    /// Why what the caller sent is no Python.
    not_python: Option<String>,
}

impl Attempt {
    fn new(number: u32) -> Self {
        Self {
            number,
            conversation: Vec::new(),
            code: String::new(),
            given: false,
            done: false,
            approved: false,
            steps: Vec::new(),
            not_python: None,
        }
    }
}

impl Machine {
    /// A loop that begins with what the caller sent.
    pub fn new(plan: Plan, given: String) -> Self {
        Self {
            plan,
            given,
            failed: Vec::new(),
            tokens: Tokens::default(),
            attempt: Attempt::new(1),
        }
    }

    /// The attempt under way, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt.number
    }

    /// The attempts that failed, in order.
    pub fn failed(&self) -> &[Failed] {
        &self.failed
    }

    /// What to say to the model.
    pub fn conversation(&self) -> &[Message] {
        &self.attempt.conversation
    }

    /// What the model has read and written.
    pub fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// What holds from now on: an operator may have changed it while the loop waited.
    pub fn set_plan(&mut self, plan: Plan) {
        self.plan = plan;
    }

    /// What holds for the whole execution.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Why what the caller sent is no Python, where that is what the model is asked about.
    pub fn not_python(&self) -> Option<&str> {
        self.attempt.not_python.as_deref()
    }

    /// Takes what happened and says what to do.
    pub fn next(&mut self, event: Event) -> Action {
        match event {
            Event::Begin if self.plan.run_given => {
                self.attempt.given = true;
                self.vet(self.given.clone())
            }
            Event::Begin => Action::Brief,
            Event::Checked(verdict) => self.checked(verdict),
            Event::Ran(ran) => self.ran(ran),
            Event::Briefed(messages) => {
                self.attempt.conversation = messages;
                self.ask()
            }
            Event::Reported(report) => {
                self.say(Role::User, report);
                self.ask()
            }
            Event::Replied { text, code, tokens } => self.replied(text, code, tokens),
            // The last code ran well, and nobody can be asked what else there might be to do.
            Event::ModelFailed(_) if !self.attempt.steps.is_empty() => Action::End(End::Succeeded),
            Event::ModelFailed(why) => Action::End(End::ModelFailed(why)),
            Event::Approved(code) => {
                self.attempt.approved = true;
                if let Some(code) = code {
                    self.attempt.code = code;
                    // What a person wrote is code, and all that the caller's own was to do.
                    self.attempt.done |= self.attempt.given;
                    self.attempt.given = false;
                }
                let code = self.attempt.code.clone();
                if self.plan.check {
                    Action::Check(code)
                } else {
                    Action::Run(code)
                }
            }
            Event::Rejected(reason) => self.fail_without_running("Rejected", reason),
            Event::OutOfTime if !self.attempt.steps.is_empty() => Action::End(End::Succeeded),
            Event::OutOfTime => Action::End(End::Failed(Some(Early::Time))),
        }
    }

    /// Has code run, after it was looked at as far as the plan says.
    fn vet(&mut self, code: String) -> Action {
        self.attempt.code = code.clone();
        self.attempt.approved = false;
        // Whether the caller sent Python is otherwise found out by running it, which costs nothing more.
        if self.plan.check || (self.plan.approve && self.attempt.given) {
            Action::Check(code)
        } else if self.plan.approve {
            Action::Propose(code)
        } else {
            Action::Run(code)
        }
    }

    fn checked(&mut self, verdict: Verdict) -> Action {
        match verdict {
            Verdict::NotPython(error) if self.attempt.given => self.ask_what_is_meant(error),
            Verdict::Refused(error) => self.fail_without_running(&error.name, error.value),
            // What a model wrote is run though it is no Python: the error is the interpreter's own.
            Verdict::Allowed | Verdict::NotPython(_)
                if self.plan.approve && !self.attempt.approved =>
            {
                Action::Propose(self.attempt.code.clone())
            }
            Verdict::Allowed | Verdict::NotPython(_) => Action::Run(self.attempt.code.clone()),
        }
    }

    fn ran(&mut self, ran: Ran) -> Action {
        match &ran.error {
            Some(error) if !ran.compiled && self.attempt.given => {
                let error = format!("{}: {}", error.name, error.value);
                return self.ask_what_is_meant(error);
            }
            _ if ran.outcome == Outcome::Cancelled => return Action::End(End::Cancelled),
            _ if ran.outcome != Outcome::Ok => return self.fail(ran),
            _ => {}
        }
        self.attempt.steps.push(self.attempt.code.clone());
        let ends = self.attempt.given
            || self.attempt.done
            || self.attempt.steps.len() >= MAX_STEPS
            || self.is_spent();
        if ends {
            Action::End(End::Succeeded)
        } else {
            Action::Report(ran)
        }
    }

    /// What the caller sent is an instruction, or broken beyond compiling: the model is asked in the same attempt.
    fn ask_what_is_meant(&mut self, error: String) -> Action {
        self.attempt = Attempt {
            not_python: Some(error),
            ..Attempt::new(self.attempt.number)
        };
        Action::Brief
    }

    fn replied(&mut self, text: String, code: Option<Code>, tokens: Tokens) -> Action {
        self.tokens = self.tokens.plus(tokens);
        self.say(Role::Assistant, text);
        match code {
            None if !self.attempt.steps.is_empty() => Action::End(End::Succeeded),
            None => {
                self.attempt.code.clear();
                self.fail_without_running("NoCode", "the model wrote no code".to_owned())
            }
            Some(code) if !self.attempt.steps.is_empty() && code.source == self.attempt.code => {
                Action::End(End::Succeeded)
            }
            Some(code) => {
                self.attempt.done = code.done;
                self.attempt.given = false;
                self.vet(code.source)
            }
        }
    }

    fn fail_without_running(&mut self, name: &str, value: String) -> Action {
        self.fail(Ran {
            outcome: Outcome::Exception,
            has_run: false,
            compiled: true,
            output: String::new(),
            error_line: format!("{name}: {value}"),
            error: Some(PythonError {
                name: name.to_owned(),
                value,
                traceback: String::new(),
                context: String::new(),
            }),
            limit: None,
            truncated: false,
        })
    }

    fn fail(&mut self, ran: Ran) -> Action {
        let code = std::mem::take(&mut self.attempt.code);
        let steps = std::mem::take(&mut self.attempt.steps);
        let is_repeated = self.failed.iter().any(|before| {
            !code.is_empty()
                && before.code.trim_end() == code.trim_end()
                && before.ran.error_line == ran.error_line
        });
        let number = self.attempt.number;
        self.failed.push(Failed {
            number,
            code,
            steps,
            ran,
        });
        if number >= self.plan.max_attempts {
            Action::End(End::Failed(None))
        } else if is_repeated {
            Action::End(End::Failed(Some(Early::Repeated)))
        } else if self.is_spent() {
            Action::End(End::Failed(Some(Early::Tokens)))
        } else {
            self.attempt = Attempt::new(number + 1);
            Action::Brief
        }
    }

    fn ask(&self) -> Action {
        if !self.is_spent() {
            Action::Ask
        } else if !self.attempt.steps.is_empty() {
            Action::End(End::Succeeded)
        } else {
            Action::End(End::Failed(Some(Early::Tokens)))
        }
    }

    fn is_spent(&self) -> bool {
        self.tokens.total >= self.plan.max_tokens
    }

    fn say(&mut self, role: Role, content: String) {
        self.attempt.conversation.push(Message { role, content });
    }
}

#[cfg(test)]
mod tests;
