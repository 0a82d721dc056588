//! The WebDriver protocol, as far as the tests need it: JSON over HTTP, a request a command.
//!
//! There are crates for it, but they are asynchronous, and the one that is light enough would have every native
//! package built with another `serde_json`, which keeps the order of keys.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

/// The key that a reference to an element has in JSON, from the specification.
pub(super) const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// No command takes this long: scripts are stopped by the driver sooner.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client of one driver, or of one session of it.
pub(super) struct WebDriver {
    agent: Agent,
    base: String,
}

/// A command that failed: the specification's word for it, and what the driver says.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: String,
    message: String,
}

impl Failure {
    /// Whether the page may only have to come round: it changed while it was looked at, or something still
    /// covers what is to be clicked.
    pub(super) fn may_pass(&self) -> bool {
        [
            "stale element reference",
            "no such element",
            "element click intercepted",
            "element not interactable",
            "invalid element state",
            // A script whose page went away.
            "javascript error",
            "no such execution context",
        ]
        .contains(&self.error.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

impl WebDriver {
    /// The driver at an address.
    pub(super) fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        Self {
            agent: config.build().into(),
            base: format!("http://{address}/session"),
        }
    }

    /// One of its sessions.
    pub(super) fn session(&self, id: &str) -> Self {
        Self {
            agent: self.agent.clone(),
            base: format!("{}/{id}", self.base),
        }
    }

    pub(super) fn get(&self, command: &str) -> Result<Value, Failure> {
        self.send("GET", command, None)
    }

    pub(super) fn delete(&self, command: &str) -> Result<Value, Failure> {
        self.send("DELETE", command, None)
    }

    pub(super) fn post(&self, command: &str, body: &Value) -> Result<Value, Failure> {
        self.send("POST", command, Some(body))
    }

    fn send(&self, method: &str, command: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{command}", self.base))
            .header("content-type", "application/json");
        let answer = match body {
            Some(body) => self
                .agent
                .run(request.body(body.to_string()).expect("a valid request")),
            None => self.agent.run(request.body(()).expect("a valid request")),
        };
        let broken = |error: ureq::Error| Failure {
            error: "the driver does not answer".to_owned(),
            message: format!("{method} {command}: {error}"),
        };
        let mut answer = answer.map_err(broken)?;
        let text = answer
            .body_mut()
            .with_config()
            // Screenshots are larger than ureq thinks an answer should be.
            .limit(1 << 28)
            .read_to_string()
            .map_err(broken)?;
        let mut body: Value = serde_json::from_str(&text).unwrap_or_default();
        if answer.status().is_success() {
            return Ok(body["value"].take());
        }
        let word = |name: &str| body["value"][name].as_str().unwrap_or(&text).to_owned();
        Err(Failure {
            error: word("error"),
            message: word("message"),
        })
    }
}

/// The id of an element in what a script returned.
pub(super) fn element_id(value: &Value) -> Option<&str> {
    value[ELEMENT].as_str()
}
