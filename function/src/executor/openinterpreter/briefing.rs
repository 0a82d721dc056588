//! What the model is told: the operator's files, what is true of the sandbox, and where the loop stands.

use api::error::ErrorCode;
use api::history::{Message, Role};
use api::python::ImageInfo;

use crate::call::Call;
use crate::description;
use crate::error::Refusal;
use crate::python::PythonService;
use crate::repair::hints::{self, Failure, Hints};
use crate::repair::machine::{Failed, Machine, Ran};
use crate::repair::prompt::{self, Asked, Nonce, Past, Templates};
use crate::settings::Settings;

/// Where spin.toml mounts the operator's files.
const FOLDER: &str = "/prompts";

/// Writes the messages of one execution.
pub(super) struct Briefing<'a> {
    settings: &'a Settings,
    nonce: Nonce,
    image: Option<ImageInfo>,
}

impl<'a> Briefing<'a> {
    pub(super) fn new(settings: &'a Settings, nonce: Nonce) -> Self {
        Self {
            settings,
            nonce,
            image: None,
        }
    }

    pub(super) fn into_nonce(self) -> Nonce {
        self.nonce
    }

    /// The first messages of the attempt that the loop has come to.
    pub(super) async fn opening(
        &mut self,
        call: &Call,
        machine: &Machine,
        files: &[String],
    ) -> Result<Vec<Message>, Refusal> {
        if self.image.is_none() {
            let service = PythonService::new(&self.settings.python_url);
            self.image = service.health().await.ok().map(|health| health.image);
        }
        let templates = templates()?;
        let mut values = description::values(self.settings, self.image.as_ref());
        values.push(("nonce", self.nonce.0.clone()));
        let hint = self.hint(machine, files)?;
        let programs: Vec<_> = machine.failed().iter().map(programs).collect();
        let past: Vec<_> = machine
            .failed()
            .iter()
            .zip(&programs)
            .map(|(failed, programs)| Past {
                number: failed.number,
                code: programs,
                output: &failed.ran.output,
                error: match &failed.ran.error {
                    Some(error) if !error.traceback.is_empty() => &error.traceback,
                    _ => &failed.ran.error_line,
                },
            })
            .collect();
        let asked = Asked {
            instruction: &call.code,
            not_python: machine.not_python(),
            context: call.context.as_ref(),
            files,
            past: &past,
            hint: hint.as_deref(),
        };
        Ok(vec![
            Message {
                role: Role::System,
                content: prompt::system(&templates, &values),
            },
            Message {
                role: Role::User,
                content: prompt::instruction(&templates, &asked, &self.nonce),
            },
        ])
    }

    /// What the model is told of a program that ran well.
    pub(super) fn report(&self, ran: &Ran, files: &[String]) -> Result<String, Refusal> {
        Ok(prompt::output(
            &templates()?,
            &ran.output,
            files,
            &self.nonce,
        ))
    }

    fn hint(&self, machine: &Machine, files: &[String]) -> Result<Option<String>, Refusal> {
        let Some(failed) = machine.failed().last() else {
            return Ok(None);
        };
        let Some(error) = &failed.ran.error else {
            return Ok(None);
        };
        let hints = parsed(hints::PATH, Hints::parse)?;
        let packages = self.image.as_ref().map(description::packages);
        Ok(hints.hint(&Failure {
            error,
            outcome: failed.ran.has_run.then_some(failed.ran.outcome),
            code: &failed.code,
            limit: failed.ran.limit.as_ref(),
            truncated: failed.ran.truncated,
            files,
            packages: &packages.unwrap_or_default(),
            quote: &|text| self.nonce.quote(text),
        }))
    }
}

/// One of the operator's files, as it is now.
fn read(path: &str) -> Result<String, Refusal> {
    std::fs::read_to_string(path).map_err(|error| broken(path, &error))
}

/// One of the operator's files of data, as it is now.
pub(super) fn parsed<T>(
    path: &str,
    parse: impl FnOnce(&str) -> Result<T, serde_json::Error>,
) -> Result<T, Refusal> {
    parse(&read(path)?).map_err(|error| broken(path, &error))
}

fn broken(path: &str, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        ErrorCode::Misconfigured,
        format!("{path} can't be used: {error}"),
    )
    .hint("mend that file of the folder `prompts` and call again; no restart is needed")
}

/// What ran in an attempt: the program that failed, after those that ran well.
fn programs(failed: &Failed) -> String {
    if failed.steps.is_empty() {
        return failed.code.clone();
    }
    let steps = failed
        .steps
        .iter()
        .map(|code| format!("# This ran well, as a program of its own:\n{code}\n\n"));
    format!(
        "{}# This failed, as a program of its own:\n{}",
        steps.collect::<String>(),
        failed.code
    )
}

fn templates() -> Result<Templates, Refusal> {
    let read = |name: &str| read(&format!("{FOLDER}/tools/openinterpreter{name}.md"));
    Ok(Templates {
        system: read("")?,
        instruction: read("_instruction")?,
        attempt: read("_attempt")?,
        output: read("_output")?,
    })
}
