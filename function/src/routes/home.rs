//! `GET /`: what this is; the dashboard for a browser, and for everything else a list of the routes.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, header};

use super::page::page;
use crate::accept::wants_page;

const ROUTES: &str = "\
Vivarium runs Python that language models write, in WebAssembly.

POST   /api/tools/python_coder          run code: {\"code\": \"print('hi')\"}
GET    /api/tools                       the tool, as a function schema for a model; ?format=openai|anthropic|mcp
POST   /mcp                             the Model Context Protocol
GET    /api/sessions                    sessions, newest first
GET    /api/sessions/{id}               one session
DELETE /api/sessions/{id}               forget it, with its files
GET    /api/sessions/{id}/executions    what was run in it
GET    /api/sessions/{id}/files         its files
GET    /api/sessions/{id}/files/{path}  one file; PUT and DELETE too
GET    /api/executions                  what was run in all of them, newest first
GET    /api/sessions/{id}/files.zip     all of them
GET    /api/sessions/{id}/tables/{path} the beginning of a CSV, TSV or Excel file, as rows of text
GET    /api/executions/{id}             one execution with everything
GET    /api/executions/{id}/events      the same as it happens; POST with Accept: text/event-stream does so too
POST   /api/executions/{id}/cancel      end it
GET    /api/logs/prompts                the prompt log; as text: /api/logs/prompts.log
GET    /api/overview                    how things went lately, in figures
GET    /api/events                      what changes, as it changes
GET    /api/config                      the settings in force
GET    /api/health                      whether all is well; needs no token
GET    /metrics                         numbers for Prometheus, for the operator
GET    /openapi.json                    all this for programs; /docs for people
POST   /execute                         the same as E2B's SDK has it; with /v2/sandboxes, /contexts, /files and /health
";

pub(super) async fn show(headers: HeaderMap) -> Response {
    let page = wants_page(&headers).then(|| page(&headers)).flatten();
    let mut response = page.unwrap_or_else(|| ROUTES.into_response());
    let vary = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, vary);
    response
}
