//! A sandbox that is asked for, and a program. What can't be had is refused by its name, for a program that relies
//! on it would fail later and nobody would know why.

use serde::Deserialize;
use serde_json::Value;

use super::paths::ROOT;

/// What E2B calls the environments that sandboxes are made of; here there is one.
pub const TEMPLATE: &str = "code-interpreter-v1";
/// The one of E2B's SDK without the code interpreter.
const BASE_TEMPLATE: &str = "base";

/// What is not to be had. The message is written for the caller.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHere {
    /// Something that a sandbox of E2B's may have.
    #[error("`{0}` is not supported: {1}")]
    Field(&'static str, &'static str),
    /// Another template.
    #[error("there is no template `{}`: the only one is `{TEMPLATE}`", .0.escape_debug())]
    Template(String),
    /// Another language.
    #[error("`{}` can't be run: the only language is `python`", .0.escape_debug())]
    Language(String),
    /// Another folder.
    #[error("`cwd` can't be `{}`: programs begin in `{ROOT}`", .0.escape_debug())]
    Folder(String),
}

/// `POST /v2/sandboxes`. How long it lasts and what becomes of it then is not read: it lasts until it is killed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewSandbox {
    #[serde(rename = "templateID")]
    template: Option<String>,
    env_vars: Value,
    metadata: Value,
    #[serde(rename = "allow_internet_access")]
    internet: Option<bool>,
    network: Value,
    mcp: Value,
    iam: Value,
    volume_mounts: Value,
}

/// `POST /execute`.
#[derive(Debug, Deserialize)]
pub struct Program {
    /// Python.
    pub code: String,
    /// Where to run it.
    #[serde(default)]
    pub context_id: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    env_vars: Value,
}

/// `POST /contexts`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewContext {
    language: Option<String>,
    cwd: Option<String>,
}

impl NewSandbox {
    /// Refuses what can't be had.
    pub fn check(&self) -> Result<(), NotHere> {
        if self.internet == Some(true) {
            return Err(NotHere::Field("allow_internet_access", NO_NETWORK));
        }
        let fields = [
            ("envs", &self.env_vars, NO_ENVIRONMENT),
            ("metadata", &self.metadata, "it would be kept nowhere"),
            ("network", &self.network, NO_NETWORK),
            ("mcp", &self.mcp, NO_NETWORK),
            ("iam", &self.iam, NO_NETWORK),
            ("volume_mounts", &self.volume_mounts, "there are no volumes"),
        ];
        fields
            .into_iter()
            .try_for_each(|(name, value, reason)| unset(name, value, reason))?;
        match self.template.as_deref() {
            None | Some(TEMPLATE | BASE_TEMPLATE) => Ok(()),
            Some(other) => Err(NotHere::Template(other.to_owned())),
        }
    }
}

impl Program {
    /// Refuses what can't be had.
    pub fn check(&self) -> Result<(), NotHere> {
        unset("envs", &self.env_vars, NO_ENVIRONMENT)?;
        python(self.language.as_deref())
    }
}

impl NewContext {
    /// Refuses what can't be had.
    pub fn check(&self) -> Result<(), NotHere> {
        python(self.language.as_deref())?;
        match self.cwd.as_deref().map(|cwd| cwd.trim_end_matches('/')) {
            None | Some(ROOT) => Ok(()),
            Some(other) => Err(NotHere::Folder(other.to_owned())),
        }
    }
}

const NO_ENVIRONMENT: &str = "programs have no environment variables; set `os.environ` in the code";
const NO_NETWORK: &str = "programs have no network";

/// Null, or nothing in it.
fn unset(name: &'static str, value: &Value, reason: &'static str) -> Result<(), NotHere> {
    let is_unset = match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if is_unset {
        Ok(())
    } else {
        Err(NotHere::Field(name, reason))
    }
}

fn python(language: Option<&str>) -> Result<(), NotHere> {
    match language {
        None => Ok(()),
        Some(name) if name.eq_ignore_ascii_case("python") => Ok(()),
        Some(other) => Err(NotHere::Language(other.to_owned())),
    }
}
