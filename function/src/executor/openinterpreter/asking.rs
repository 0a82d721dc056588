//! One question to the model.

use std::pin::pin;
use std::time::{Duration, Instant};

use api::history::{Exchange, Message};
use api::tool::Tokens;
use futures::future::{Either, select};
use spin_sdk::time::sleep;

use super::Work;
use crate::clock::{now_ms, timestamp};
use crate::error::Refusal;
use crate::model::{Completion, ModelError, ModelServer, code_in};
use crate::repair::machine::Event;
use crate::trace;

/// A model server that refuses does so sooner. From then on the answer has a status and a beating body, so that a
/// caller who hangs up is noticed.
const REFUSED_WITHIN: Duration = Duration::from_secs(2);

impl Work<'_> {
    /// Sends the conversation, and keeps what came back with the attempt.
    pub(super) async fn ask(&mut self) -> Event {
        let started_at = now_ms();
        let began = Instant::now();
        let messages = self.machine.conversation().to_vec();
        let told = messages.iter().map(|message| Message {
            content: self.settings.redacted(&message.content),
            ..message.clone()
        });
        // It is in the history before anything can come between, and so is what ran before it.
        self.progress.attempt().exchanges.push(Exchange {
            started_at: timestamp(started_at),
            seconds: 0.0,
            messages: told.collect(),
            reply: String::new(),
            tokens: Tokens::default(),
            error: None,
        });
        self.progress.note().await;
        let completion = self.completion(&messages).await;
        self.progress.live().texts_end();
        let mut out_of_time = false;
        let (event, reply, tokens, error) = match completion {
            Ok(completion) => {
                // A server that gives a secret back shall not have it spread.
                let text = self.settings.redacted(&completion.text);
                let event = Event::Replied {
                    code: code_in(&text),
                    text: text.clone(),
                    tokens: completion.tokens,
                };
                (event, text, completion.tokens, None)
            }
            Err(failure) => {
                // It had all the time that was left.
                out_of_time = self.runs > 0 && matches!(failure, ModelError::Silent { .. });
                let refusal = Refusal::from(&failure);
                let error = refusal.body.error.clone();
                self.model_failure = Some(refusal);
                let event = Event::ModelFailed(error.clone());
                let partial = self.settings.redacted(failure.partial());
                (event, partial, Tokens::default(), Some(error))
            }
        };
        if let Some(exchange) = self.progress.attempt().exchanges.last_mut() {
            exchange.seconds = began.elapsed().as_secs_f64();
            exchange.reply = reply;
            exchange.tokens = tokens;
            exchange.error = error;
        }
        // What ran before is what it has come to; that the model was slow too is in the history.
        if out_of_time { Event::OutOfTime } else { event }
    }

    async fn completion(&mut self, messages: &[Message]) -> Result<Completion, ModelError> {
        let progress = self.progress;
        let attempt = self.machine.attempt();
        let span = trace::of_question(progress.trace(), self.settings, self.call, attempt);
        let server = ModelServer::new(self.settings).within(span.headers());
        let mut work =
            pin!(server.complete(messages, self.left(), |text| progress.live().model(text)));
        let completion = match select(&mut work, pin!(sleep(REFUSED_WITHIN))).await {
            Either::Left((completion, _)) => completion,
            Either::Right(_) => {
                Self::accept(&mut self.accepted);
                work.await
            }
        };
        span.question_ended(&completion);
        completion
    }
}
