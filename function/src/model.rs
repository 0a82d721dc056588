//! The model server: any that speaks OpenAI's chat completions, at `llm_url`. It is asked for one completion at a
//! time; what of a reply is a program, [`code_in`] says.
//!
//! What crosses the network is in this file and [`wire`]. Everything else takes bytes or text and gives back what
//! they mean: a server is trusted with nothing but the text of its reply.

mod assembly;
mod bare;
mod call;
mod error;
mod fences;
mod models;
mod plain;
mod reading;
mod reply;
mod said;
mod thought;
mod tokens;
mod wire;

use std::cell::RefCell;
use std::time::Duration;

use api::history::Message;
use api::tool::Tokens;
use futures::StreamExt as _;
use futures::future::{Either, select};
use http::{HeaderMap, StatusCode, header};
use spin_sdk::http::body::IncomingBodyExt as _;

use crate::settings::Settings;
use plain::Plain;
use reading::{Bad, Reading};
use said::{Kind, Said};
use wire::Answer;

pub use error::ModelError;
pub use reply::{Code, code_in};
pub use tokens::estimated;
pub(crate) use wire::reason;

/// What a server lists its models in must be there within this; it is only asked to make an error clearer.
const MODELS_TIMEOUT: Duration = Duration::from_secs(5);
/// A server with more models than fit in here is not described any better by them.
const MAX_MODELS_BYTES: usize = 1 << 20;
/// What a server says of an error is far shorter.
const MAX_REFUSAL_BYTES: usize = 64 << 10;

/// A client of the model server.
#[derive(Debug, Clone)]
pub struct ModelServer<'a> {
    settings: &'a Settings,
    /// What is told of the trace that it is asked in.
    trace: HeaderMap,
}

/// A reply that has come whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// As text. A tool call is a fence of its code, after whatever was said.
    pub text: String,
    /// What the model read and wrote.
    pub tokens: Tokens,
    /// Whether the server ended it before the model did.
    pub cut_short: bool,
    /// The model, as the server names it.
    pub model: Option<String>,
    /// Why it ended, as the server says it.
    pub finish_reason: Option<String>,
}

impl<'a> ModelServer<'a> {
    /// The server at `llm_url`, asked for `python_coder_model`.
    pub fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            trace: HeaderMap::new(),
        }
    }

    /// The same, told by these headers whose trace it is asked in.
    pub fn within(self, trace: HeaderMap) -> Self {
        Self { trace, ..self }
    }

    /// Asks for a completion and reads it whole; `heard` is given its text as it comes.
    pub async fn complete(
        &self,
        messages: &[Message],
        within: Duration,
        heard: impl Fn(String),
    ) -> Result<Completion, ModelError> {
        let reading = RefCell::new(Reading::default());
        let asked = {
            let ask = Box::pin(self.ask(messages, within, &reading, &heard));
            let over = Box::pin(spin_sdk::time::sleep(within));
            match select(ask, over).await {
                Either::Left((asked, _)) => asked,
                // The connection stayed open, but nothing of the reply is missing.
                Either::Right(_) if reading.borrow().is_whole() => Ok(()),
                Either::Right(_) => Err(ModelError::Silent {
                    url: self.url(),
                    seconds: within.as_secs_f64(),
                    partial: self.partial(&reading),
                }),
            }
        };
        asked.map(|()| {
            let completion = reading.borrow().completion(messages);
            reading.into_inner().unheard(&completion.text).map(&heard);
            completion
        })
    }

    async fn ask(
        &self,
        messages: &[Message],
        within: Duration,
        reading: &RefCell<Reading>,
        heard: &dyn Fn(String),
    ) -> Result<(), ModelError> {
        let mut answer = self.post(messages, true, within).await?;
        if !answer.status().is_success() {
            let (mut status, mut said) = self.refusal(answer).await;
            if said.is_of_streaming(status) {
                answer = self.post(messages, false, within).await?;
                if answer.status().is_success() {
                    return self.read(answer, reading, heard).await;
                }
                (status, said) = self.refusal(answer).await;
            }
            return Err(self.refused(status, &said).await);
        }
        self.read(answer, reading, heard).await
    }

    /// What the server says with an answer that is no success.
    async fn refusal(&self, answer: Answer) -> (StatusCode, Said) {
        let status = answer.status();
        // What there is of it says more than that there is no more.
        let (bytes, _) = wire::bytes(answer, MAX_REFUSAL_BYTES).await;
        (status, Said::of_body(&bytes))
    }

    async fn read(
        &self,
        answer: Answer,
        reading: &RefCell<Reading>,
        heard: &dyn Fn(String),
    ) -> Result<(), ModelError> {
        let status = answer.status();
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        reading.borrow_mut().begin(kind);
        let mut chunks = answer.into_body().stream();
        let bad = loop {
            let pushed = match chunks.next().await {
                Some(Ok(bytes)) => reading.borrow_mut().push(&bytes),
                Some(Err(_)) if reading.borrow().is_whole() => return Ok(()),
                Some(Err(code)) => Err(Bad::BrokeOff(reason(&code))),
                None => reading.borrow_mut().end().map(|()| true),
            };
            if let Some(text) = reading.borrow_mut().heard() {
                heard(text);
            }
            match pushed {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(bad) => break bad,
            }
        };
        Err(self.bad(bad, status, self.partial(reading)).await)
    }

    async fn bad(&self, bad: Bad, status: StatusCode, partial: String) -> ModelError {
        let url = self.url();
        match bad {
            Bad::Malformed(what) => ModelError::Malformed {
                url,
                what: self.plain().line(&what),
                partial,
            },
            Bad::BrokeOff(reason) => ModelError::BrokeOff {
                url,
                partial,
                reason: self.plain().line(&reason),
            },
            Bad::Said(said) if partial.is_empty() => {
                self.refused(said.status.unwrap_or(status), &said).await
            }
            Bad::Said(said) => ModelError::BrokeOff {
                url,
                partial,
                reason: self.plain().line(&said.message),
            },
        }
    }

    /// The error that the server means.
    async fn refused(&self, status: StatusCode, said: &Said) -> ModelError {
        let url = self.url();
        let message = self.plain().line(&said.message);
        let code = status.as_u16();
        match said.kind(status, &self.settings.model) {
            Kind::Unauthorized => ModelError::Unauthorized { url, status: code },
            Kind::ContextTooLong => ModelError::ContextTooLong { url, message },
            Kind::Failed => ModelError::Failed {
                url,
                status: code,
                message,
            },
            Kind::Refused => ModelError::Refused {
                url,
                status: code,
                message,
            },
            Kind::UnknownModel => self.unknown_model(&self.models().await.unwrap_or_default()),
            Kind::PerhapsUnknownModel => match self.models().await {
                Some(models) if !self.is_among(&models) => self.unknown_model(&models),
                _ => ModelError::Refused {
                    url,
                    status: code,
                    message,
                },
            },
        }
    }

    fn unknown_model(&self, models: &[String]) -> ModelError {
        ModelError::UnknownModel {
            url: self.url(),
            model: self.settings.model.clone(),
            available: models.iter().map(|id| self.plain().line(id)).collect(),
        }
    }

    /// Ollama knows `name` by `name:latest`.
    fn is_among(&self, models: &[String]) -> bool {
        let model = self.settings.model.as_str();
        models
            .iter()
            .any(|one| one == model || one.strip_suffix(":latest") == Some(model))
    }

    /// The models that the server has, if it tells.
    async fn models(&self) -> Option<Vec<String>> {
        let list = async {
            let answer = self.get("/models", MODELS_TIMEOUT).await.ok()?;
            if !answer.status().is_success() {
                return None;
            }
            let (bytes, whole) = wire::bytes(answer, MAX_MODELS_BYTES).await;
            whole.then_some(bytes)
        };
        let over = spin_sdk::time::sleep(MODELS_TIMEOUT);
        let bytes = match select(Box::pin(list), Box::pin(over)).await {
            Either::Left((bytes, _)) => bytes?,
            Either::Right(_) => return None,
        };
        models::ids(&bytes)
    }

    fn partial(&self, reading: &RefCell<Reading>) -> String {
        self.plain().text(&reading.borrow().text())
    }

    fn plain(&self) -> Plain<'a> {
        Plain::without(self.settings.secrets())
    }

    fn url(&self) -> String {
        self.settings.llm_url.clone()
    }
}
