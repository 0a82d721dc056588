//! `GET /`: what this is.

const ROUTES: &str = "\
Vivarium runs Python that language models write, in WebAssembly.

POST   /api/tools/python_coder          run code: {\"code\": \"print('hi')\"}
GET    /api/tools                       the tool, as a function schema for a model
GET    /api/sessions                    sessions, newest first
GET    /api/sessions/{id}               one session
DELETE /api/sessions/{id}               forget it, with its files
GET    /api/sessions/{id}/executions    what was run in it
GET    /api/sessions/{id}/files         its files
GET    /api/sessions/{id}/files/{path}  one file; PUT and DELETE too
GET    /api/executions/{id}             one execution with everything
GET    /api/executions/{id}/events      the same as it happens; POST with Accept: text/event-stream does so too
GET    /api/logs/prompts                the prompt log; as text: /api/logs/prompts.log
GET    /api/config                      the settings in force
GET    /api/health                      whether all is well; needs no token
";

pub(super) async fn show() -> &'static str {
    ROUTES
}
