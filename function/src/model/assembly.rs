//! A reply, put together from one answer or from the chunks of a stream.

use api::history::Message;
use api::tool::Tokens;
use serde_json::Value;

use super::said::Said;
use super::thought::{begun, without_thoughts};
use super::{Completion, call, tokens};

/// A reply larger than this is no program that anybody would run.
pub(super) const MAX_REPLY_BYTES: usize = 4 << 20;

/// Why an answer, or a chunk, says nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadPart {
    /// It is none.
    Foreign(&'static str),
    /// It is an error.
    Said(Said),
}

impl Call {
    fn argument_value(&self) -> Value {
        Value::String(self.arguments.clone())
    }
}

/// What has come of a reply.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    text: String,
    calls: Vec<Call>,
    /// Characters that the model wrote and that are no part of its reply.
    thought_chars: usize,
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    finish_reason: Option<String>,
    model: Option<String>,
    /// Whether the model said anything, be it that it has nothing to say.
    pub(super) spoken: bool,
}

/// A function that the model calls.
#[derive(Debug, Default)]
struct Call {
    index: Option<u64>,
    id: String,
    arguments: String,
}

impl Assembly {
    /// An answer that is whole, or a chunk.
    pub(super) fn add(&mut self, part: &Value) -> Result<(), BadPart> {
        if !part.is_object() {
            return Err(BadPart::Foreign("JSON that is no object"));
        }
        if let Some(said) = Said::of_answer(part) {
            return Err(BadPart::Said(said));
        }
        if let Some(model) = part.get("model").and_then(Value::as_str) {
            self.model.get_or_insert_with(|| model.to_owned());
        }
        self.add_usage(part.get("usage").unwrap_or(&Value::Null));
        let choices = part.get("choices").and_then(Value::as_array);
        let Some(choice) = choices.and_then(|choices| choices.first()) else {
            return Ok(());
        };
        if let Some(message) = choice.get("message").filter(|message| message.is_object()) {
            self.spoken = true;
            self.add_message(message, true);
        } else if let Some(delta) = choice.get("delta") {
            self.add_message(delta, false);
        }
        self.add_text(choice.get("text").unwrap_or(&Value::Null));
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish_reason = Some(reason.to_owned());
            // A stream without a single piece is an empty reply.
            self.spoken = true;
        }
        if self.reply_bytes() > MAX_REPLY_BYTES {
            return Err(BadPart::Foreign("a reply of more than 4 MiB"));
        }
        Ok(())
    }

    /// Whether the model has come to an end.
    pub(super) fn is_finished(&self) -> bool {
        self.finish_reason.is_some()
    }

    /// The reply so far.
    pub(super) fn text(&self) -> String {
        let mut text = without_thoughts(&self.text).to_owned();
        for call in &self.calls {
            if !text.trim().is_empty() {
                text.truncate(text.trim_end().len());
                text.push_str("\n\n");
            }
            match call::code_of_arguments(&call.argument_value()) {
                Some(code) => text.push_str(&call::fenced(&code)),
                // Cut short, or of a function that there isn't: to be seen, not to be run.
                None => text.push_str(&format!("```json\n{}\n```", call.arguments)),
            }
        }
        text
    }

    /// The text so far without the thoughts that it begins with, and nothing while it may be thoughts.
    pub(super) fn certain_text(&self) -> &str {
        begun(&self.text).unwrap_or_default()
    }

    fn is_cut_short(&self) -> bool {
        matches!(
            self.finish_reason.as_deref(),
            Some("length" | "max_tokens" | "content_filter")
        )
    }

    /// The reply, as the answer to `messages`.
    pub(super) fn completion(&self, messages: &[Message]) -> Completion {
        let arguments = self.calls.iter().map(|call| call.arguments.chars().count());
        let written = self.text.chars().count() + self.thought_chars + arguments.sum::<usize>();
        // There are servers that count nothing and say 0.
        let prompt = self.prompt_tokens.filter(|count| *count > 0);
        let completion = self
            .completion_tokens
            .filter(|count| *count > 0 || written == 0);
        Completion {
            text: self.text(),
            tokens: Tokens {
                estimated: prompt.is_none() || completion.is_none(),
                ..Tokens::counted(
                    prompt.unwrap_or_else(|| tokens::of_messages(messages)),
                    completion.unwrap_or_else(|| tokens::of_chars(written)),
                )
            },
            cut_short: self.is_cut_short(),
            model: self.model.clone(),
            finish_reason: self.finish_reason.clone(),
        }
    }

    fn add_usage(&mut self, usage: &Value) {
        // Some servers count in every chunk; the last count is that of everything.
        let count = |name| usage.get(name).and_then(Value::as_u64);
        self.prompt_tokens = count("prompt_tokens").or(self.prompt_tokens);
        self.completion_tokens = count("completion_tokens").or(self.completion_tokens);
    }

    /// A message, or if it is not `whole` a piece of one.
    fn add_message(&mut self, message: &Value, whole: bool) {
        self.add_text(message.get("content").unwrap_or(&Value::Null));
        let thought = ["reasoning_content", "reasoning"]
            .into_iter()
            .find_map(|name| message.get(name).and_then(Value::as_str));
        self.thought_chars += thought.map_or(0, |thought| thought.chars().count());
        self.spoken |= thought.is_some();
        let calls = message.get("tool_calls").and_then(Value::as_array);
        for (number, call) in (0..).zip(calls.into_iter().flatten()) {
            let index = call.get("index").and_then(Value::as_u64);
            self.add_call(
                index.or(whole.then_some(number)),
                call,
                call.get("function"),
            );
        }
        // As it was before there could be several.
        if let Some(function @ Value::Object(_)) = message.get("function_call") {
            self.add_call(None, &Value::Null, Some(function));
        }
    }

    /// A text, or a list of parts of which some are texts.
    fn add_text(&mut self, content: &Value) {
        match content {
            Value::String(text) => self.text.push_str(text),
            Value::Array(parts) => {
                let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
                self.text.extend(texts);
            }
            _ => return,
        }
        self.spoken = true;
    }

    /// A call, or a piece of one.
    fn add_call(&mut self, index: Option<u64>, piece: &Value, function: Option<&Value>) {
        self.spoken = true;
        let id = piece.get("id").and_then(Value::as_str).unwrap_or_default();
        // Later pieces of a call have its index alone. There are servers that give every call the same index, or
        // none; then another id tells that it is another call.
        let known = self.calls.iter_mut().rev().find(|call| {
            call.index == index && (id.is_empty() || call.id.is_empty() || call.id == id)
        });
        let call = match known {
            Some(call) => call,
            None => self.calls.push_mut(Call {
                index,
                ..Call::default()
            }),
        };
        if call.id.is_empty() {
            id.clone_into(&mut call.id);
        }
        match function.and_then(|function| function.get("arguments")) {
            Some(Value::String(arguments)) => call.arguments.push_str(arguments),
            Some(arguments @ Value::Object(_)) => call.arguments.push_str(&arguments.to_string()),
            _ => {}
        }
    }

    fn reply_bytes(&self) -> usize {
        let arguments = self.calls.iter().map(|call| call.arguments.len());
        self.text.len() + arguments.sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
