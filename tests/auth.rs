//! Tokens with names: who may call, what each sees, how often, and from which pages.

mod addresses;
mod cors;
mod events;
mod isolation;
mod limits;
mod lists;
mod many;
mod tokens;

use api::history::Execution;

use crate::harness::server::Setup;
use crate::harness::{Http, Server, ToolCall};

/// Of the holder without a name.
const UNNAMED: &str = "token-without-a-name";
const ONE: &str = "token-of-one";
const TWO: &str = "token-of-two";

/// A server with a token without a name and two with one.
fn with_tenants(server: Setup) -> Setup {
    server
        .variable("api_token", UNNAMED)
        .variable("api_tokens", format!("one: {ONE}\n\ntwo:{TWO}\n"))
}

fn two_tenants() -> Server {
    with_tenants(Server::with()).start()
}

/// A tool call in a session.
fn call<'a>(http: &'a Http, session: &str, code: &str) -> ToolCall<'a> {
    ToolCall::new(http, code).session(session)
}

fn execution(http: &Http, id: &str) -> Execution {
    http.get(&format!("/api/executions/{id}"))
        .expect(200)
        .json()
}
