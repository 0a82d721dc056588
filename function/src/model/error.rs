//! What can go wrong with a model server: each names it, and knows what to do.

use std::fmt::Write as _;

/// More models than these are not listed in a message.
const SHOWN_MODELS: usize = 20;

impl ModelError {
    /// One word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::UnknownModel { .. } => "unknown_model",
            Self::Unauthorized { .. } => "unauthorized",
            Self::BadKey { .. } => "bad_key",
            Self::ContextTooLong { .. } => "context_too_long",
            Self::Refused { .. } => "refused",
            Self::Failed { .. } => "failed",
            Self::Malformed { .. } => "malformed",
            Self::BrokeOff { .. } => "broke_off",
            Self::Silent { .. } => "timeout",
        }
    }
}

/// Why there is no completion. What a server says in one is a single line, bounded, and without secrets.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// No connection, or none that lasted until the response head.
    #[error("can't reach the model server at {url}: {reason}")]
    Unreachable {
        /// `llm_url`.
        url: String,
        /// What the host says.
        reason: String,
        /// Whether it was the host that did not let it through.
        denied: bool,
    },
    /// It has no such model.
    #[error("the model server at {url} has no model `{model}`{}", listed(.available))]
    UnknownModel {
        /// `llm_url`.
        url: String,
        /// `python_coder_model`.
        model: String,
        /// Those that it has; none where it does not tell.
        available: Vec<String>,
    },
    /// It wants a key, or another one.
    #[error("the model server at {url} does not let us in (status {status})")]
    Unauthorized {
        /// `llm_url`.
        url: String,
        /// 401 or 403.
        status: u16,
    },
    /// `llm_api_key` has characters that no header may have.
    #[error(
        "the key for the model server at {url} can't be sent: no header may have its characters"
    )]
    BadKey {
        /// `llm_url`.
        url: String,
    },
    /// The messages are longer than the model can read.
    #[error("the prompt is too long for the model server at {url}: {message}")]
    ContextTooLong {
        /// `llm_url`.
        url: String,
        /// In its words.
        message: String,
    },
    /// It won't do it.
    #[error("the model server at {url} refused the request with status {status}: {message}")]
    Refused {
        /// `llm_url`.
        url: String,
        /// 4xx, or 3xx.
        status: u16,
        /// In its words.
        message: String,
    },
    /// It can't do it now.
    #[error("the model server at {url} failed{}: {message}", with_status(*.status))]
    Failed {
        /// `llm_url`.
        url: String,
        /// 5xx or 429; a 2xx where the error came as an answer.
        status: u16,
        /// In its words.
        message: String,
    },
    /// It answered what a model server would not.
    #[error("{url} does not answer as a model server does: {what}")]
    Malformed {
        /// `llm_url`.
        url: String,
        /// What it did, and how what came begins.
        what: String,
        /// The reply so far.
        partial: String,
    },
    /// The reply broke off.
    #[error("the model server at {url} broke off: {reason}")]
    BrokeOff {
        /// `llm_url`.
        url: String,
        /// The reply so far.
        partial: String,
        /// In the host's words, or in the server's.
        reason: String,
    },
    /// The reply did not come in time.
    #[error("the model server at {url} took too long: after {} s its reply has not ended", rounded(*.seconds))]
    Silent {
        /// `llm_url`.
        url: String,
        /// For how long it was waited for.
        seconds: f64,
        /// The reply so far.
        partial: String,
    },
}

impl ModelError {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::Unreachable { denied: true, .. } => {
                "the host forbids it: see `allowed_outbound_hosts` in spin.toml, and \
                 `python_coder_openinterpreter_offline`, which allows only servers on this machine or a private network"
                    .to_owned()
            }
            Self::Unreachable { url, .. } => format!(
                "start a model server there, for example with `ollama serve`, or set `llm_url`, which is {url}, to one that runs"
            ),
            Self::UnknownModel { available, .. } if available.is_empty() => {
                "set `python_coder_model` to a model that the server has, or have it load this one, for example with `ollama pull`"
                    .to_owned()
            }
            Self::UnknownModel { model, .. } => format!(
                "set `python_coder_model` to one of them, or have the server load `{model}`, for example with `ollama pull {model}`"
            ),
            Self::Unauthorized { .. } => {
                "set `llm_api_key` to a key that this server accepts".to_owned()
            }
            Self::BadKey { .. } => "set `llm_api_key` to the key alone, on one line".to_owned(),
            Self::ContextTooLong { .. } => {
                "send a shorter instruction, or let the server load the model with a longer context, or set \
                 `python_coder_model` to a model that has one"
                    .to_owned()
            }
            Self::Refused { status: 404, .. } => {
                "check `llm_url`: it usually ends in `/v1`, since `/chat/completions` is put behind it".to_owned()
            }
            Self::Refused { .. } => "check `llm_url` and `python_coder_model`".to_owned(),
            Self::Failed { status: 429, .. } => {
                "the server has too much to do, or the key's quota is used up; try again later".to_owned()
            }
            Self::Failed { .. } => "the model server's log may say more; try again".to_owned(),
            Self::Malformed { .. } => {
                "check that `llm_url` is that of an OpenAI-compatible server; it usually ends in `/v1`".to_owned()
            }
            Self::BrokeOff { .. } => {
                "the model server may have been stopped, or have run out of memory; its log may say more".to_owned()
            }
            Self::Silent { .. } => {
                "pass a larger `timeout`, or set `python_coder_model` to a smaller model; loading one for the first time takes \
                 longest"
                    .to_owned()
            }
        }
    }

    /// What of the reply had come.
    pub fn partial(&self) -> &str {
        match self {
            Self::Malformed { partial, .. }
            | Self::BrokeOff { partial, .. }
            | Self::Silent { partial, .. } => partial,
            _ => "",
        }
    }
}

fn listed(available: &[String]) -> String {
    if available.is_empty() {
        return String::new();
    }
    let shown = &available[..available.len().min(SHOWN_MODELS)];
    let mut list = format!("; it has `{}`", shown.join("`, `"));
    if available.len() > shown.len() {
        let _ = write!(list, " and {} more", available.len() - shown.len());
    }
    list
}

/// An error that came as a success has none that says anything.
fn with_status(status: u16) -> String {
    match status {
        ..400 => String::new(),
        _ => format!(" with status {status}"),
    }
}

/// Whole seconds, where there are any: of the limit that was set, some thousandths went before the model was asked.
fn rounded(seconds: f64) -> f64 {
    if seconds < 0.5 {
        (seconds * 1000.0).round() / 1000.0
    } else {
        seconds.round()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(count: usize) -> ModelError {
        ModelError::UnknownModel {
            url: "http://host/v1".into(),
            model: "big".into(),
            available: (0..count).map(|n| format!("m{n}")).collect(),
        }
    }

    #[test]
    fn an_unknown_model_comes_with_those_that_are_there() {
        assert_eq!(
            unknown(2).to_string(),
            "the model server at http://host/v1 has no model `big`; it has `m0`, `m1`"
        );
        assert_eq!(
            unknown(0).to_string(),
            "the model server at http://host/v1 has no model `big`"
        );
        assert!(unknown(21).to_string().ends_with("`m19` and 1 more"));
        assert!(unknown(1).hint().contains("one of them"));
        assert!(!unknown(0).hint().contains("one of them"));
    }

    #[test]
    fn what_is_denied_has_another_hint_than_what_is_not_there() {
        let error = |denied| ModelError::Unreachable {
            url: "http://host/v1".into(),
            reason: "connection refused".into(),
            denied,
        };
        assert_eq!(
            error(false).to_string(),
            "can't reach the model server at http://host/v1: connection refused"
        );
        assert!(error(false).hint().contains("ollama serve"));
        assert!(error(true).hint().contains("allowed_outbound_hosts"));
    }

    #[test]
    fn a_failure_has_a_status_unless_it_came_as_a_success() {
        let failed = |status| ModelError::Failed {
            url: "http://host/v1".into(),
            status,
            message: "loading".into(),
        };
        assert_eq!(
            [failed(503).to_string(), failed(200).to_string()],
            [
                "the model server at http://host/v1 failed with status 503: loading",
                "the model server at http://host/v1 failed: loading"
            ]
        );
    }

    #[test]
    fn what_had_come_is_kept() {
        let error = ModelError::Silent {
            url: "http://host/v1".into(),
            seconds: 12.345,
            partial: "so far".into(),
        };
        assert_eq!(error.partial(), "so far");
        assert_eq!(unknown(0).partial(), "");
        assert!(error.to_string().contains("after 12 s"), "{error}");
    }
}
