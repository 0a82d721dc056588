//! The API's client, and the token that it may need: asked for once, kept as long as the tab.

use api::client::{Client, ClientError};
use leptos::prelude::*;

use crate::browser::{origin, tab_storage};

const KEY: &str = "vivarium.token";
const UNAUTHORIZED: u16 = 401;

/// How this page talks to the function.
#[derive(Clone, Copy)]
pub(crate) struct Connection {
    token: RwSignal<Option<String>>,
    needs_token: RwSignal<bool>,
}

/// What went wrong, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
    /// The HTTP status, where there was an answer.
    pub(crate) status: Option<u16>,
}

impl Connection {
    pub(crate) fn open() -> Self {
        let token = tab_storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self {
            token: RwSignal::new(token),
            needs_token: RwSignal::new(false),
        }
    }

    /// The one of this page.
    pub(crate) fn of_page() -> Self {
        expect_context()
    }

    /// A client with the token that is known. Whoever asks reactively is told when there is another.
    pub(crate) fn client(self) -> Client {
        client(self.token.get())
    }

    /// The same for handlers of events.
    pub(crate) fn client_now(self) -> Client {
        client(self.token.get_untracked())
    }

    /// The token that is known, for a request that the client can't make.
    pub(crate) fn token_now(self) -> Option<String> {
        self.token.get_untracked()
    }

    /// Whether a token has been given.
    pub(crate) fn has_token(self) -> bool {
        self.token.with(Option::is_some)
    }

    /// The same for handlers of events.
    pub(crate) fn has_token_now(self) -> bool {
        self.token.with_untracked(Option::is_some)
    }

    /// Whether calls are refused until a token is given.
    pub(crate) fn needs_token(self) -> bool {
        self.needs_token.get()
    }

    /// Tries a token; keeps it if it is the right one.
    pub(crate) async fn try_token(self, token: String) -> Result<(), Problem> {
        if let Err(error) = client(Some(token.clone())).config().await {
            return Err(problem(&error));
        }
        if let Some(storage) = tab_storage() {
            // A tab that keeps nothing asks again when it is loaded again.
            let _ = storage.set_item(KEY, &token);
        }
        self.token.set(Some(token));
        self.needs_token.set(false);
        Ok(())
    }

    /// What went wrong; where a token is missing, it is asked for.
    pub(crate) fn problem(self, error: &ClientError) -> Problem {
        let problem = problem(error);
        if problem.status == Some(UNAUTHORIZED) {
            self.needs_token.set(true);
        }
        problem
    }
}

fn client(token: Option<String>) -> Client {
    let client = Client::new(&origin()).expect("a page has an origin");
    match token {
        Some(token) => client.with_token(token),
        None => client,
    }
}

fn problem(error: &ClientError) -> Problem {
    match error {
        ClientError::Refused { status, body } => Problem {
            what: body.error.clone(),
            hint: body.hint.clone(),
            status: Some(*status),
        },
        ClientError::Transport(_) => Problem {
            what: "Vivarium does not answer".to_owned(),
            hint: Some("see whether it is running and reachable from here".to_owned()),
            status: None,
        },
        ClientError::Unexpected { status, .. } => Problem {
            what: error.to_string(),
            hint: Some("reload the page: it may be older than the server".to_owned()),
            status: Some(*status),
        },
        ClientError::Base(_) => Problem {
            what: error.to_string(),
            hint: None,
            status: None,
        },
    }
}
