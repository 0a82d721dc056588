//! What safe mode forbids, as data, and the program that looks for it.

use api::python::PythonError;
use serde::Deserialize;
use serde_json::json;

/// Where spin.toml mounts the policy.
pub const PATH: &str = "/prompts/policy.json";
/// A policy that forbids nothing: then the program only tells whether code is Python.
pub const NOTHING: &str = r#"{"rules": []}"#;
/// The program that looks, with Python's own parser. It runs nothing of what it looks at.
pub const CHECK: &str = include_str!("check.py");

/// Findings that a refusal names; the model sees where it goes wrong after a few.
const MAX_NAMED: usize = 5;

/// What a policy may hold, to tell an operator of a mistake before the program does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it can be read matters")]
struct Policy {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it can be read matters")]
struct Rule {
    reason: String,
    #[serde(default)]
    imports: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(default)]
    attributes: Vec<String>,
}

/// Whether it is a policy.
pub fn validate(policy_json: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<Policy>(policy_json).map(|_| ())
}

/// What the program reads. It refuses to work with a policy that is not one.
pub fn check_input(code: &str, policy_json: &str) -> String {
    json!({ "code": code, "policy": policy_json }).to_string()
}

/// What the program found; by default nothing, not even whether the code is Python.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Checked {
    /// Whether the code could be parsed.
    pub valid: bool,
    /// Why not: `SyntaxError: expected ':' (line 2)`.
    pub error: Option<String>,
    /// What is forbidden and in the code, ordered by line.
    pub findings: Vec<Finding>,
}

/// A thing that is forbidden.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// Where, from 1.
    pub line: u32,
    /// `os.remove`, whatever the code calls it.
    pub what: String,
    /// The policy's.
    pub reason: String,
}

impl Checked {
    /// Reads what the program printed.
    pub fn parse(stdout: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(stdout)
    }

    /// Why the code may not run, if so. Code with a mistake in its syntax may: none of it would run. What could not be
    /// looked at for another reason may not, since the interpreter might have more room than the checker.
    pub fn refusal(&self) -> Option<PythonError> {
        let value = match &self.error {
            Some(error) if !is_syntax(error) => format!("the code could not be looked at: {error}"),
            None if !self.valid => "the code could not be looked at".to_owned(),
            _ if self.findings.is_empty() => return None,
            _ => self.named(),
        };
        Some(PythonError {
            name: "Refused".to_owned(),
            value,
            traceback: String::new(),
            context: String::new(),
        })
    }

    fn named(&self) -> String {
        let named = self.findings.iter().take(MAX_NAMED).map(|finding| {
            let Finding { line, what, reason } = finding;
            format!("line {line}: {what} is not allowed: {reason}")
        });
        let named = named.collect::<Vec<_>>().join("; ");
        match self.findings.len().saturating_sub(MAX_NAMED) {
            0 => named,
            more => format!("{named}; and {more} more"),
        }
    }
}

fn is_syntax(error: &str) -> bool {
    ["SyntaxError: ", "IndentationError: ", "TabError: "]
        .iter()
        .any(|name| error.starts_with(name))
}

#[cfg(test)]
mod tests;
