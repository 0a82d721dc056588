//! Every operation of the API.

use api::config::{Config, Health};
use api::files::{FileInfo, FilePage, Table};
use api::history::{Execution, ExecutionSummary, PromptLogEntry, Session};
use api::live::{Changes, LiveEvent};
use api::overview::Overview;
use api::tool::{Approval, Receipt, Rejection, ToolList, ToolRequest, ToolResponse};
use serde_json::{Value, json};

use super::e2b;
use super::operation::{Operation, operation};
use super::schemas::{BINARY, OBJECT, Of};

/// What operations are about.
pub(super) const TAGS: [(&str, &str); 6] = [
    ("run", "Running code: what an agent needs"),
    ("sessions", "Sessions and the files in their workspaces"),
    (
        "executions",
        "What was run, what is running, and decisions on it",
    ),
    ("logs", "What went on, for those who watch"),
    ("server", "How the server is set, and whether it works"),
    (
        "e2b",
        "What E2B's SDK asks for; the README says what of it can't be had",
    ),
];

const EVENTS: &str = "text/event-stream";
const BYTES: &str = "application/octet-stream";
const ANY: &str = "*/*";
const LIVE: Of = |schemas| events(schemas.refer::<LiveEvent>());
const TEXT: Of = |_| json!({ "type": "string" });

pub(super) fn all() -> Vec<Operation> {
    let groups = [
        running(),
        sessions(),
        files(),
        executions(),
        logs(),
        server(),
        e2b::all(),
    ];
    groups.into_iter().flatten().collect()
}

fn running() -> Vec<Operation> {
    vec![
        operation(("post", "/api/tools/python_coder"), "runPython", "run", "Run code")
            .says(
                "Runs a program in a fresh sandbox; in openinterpreter mode a model repairs what fails, and `code` may be \
                 an instruction. A program that fails is an answer like any other: status 200, `success: false`. With \
                 `Accept: text/event-stream` the answer is what happens as it happens, each event as its JSON, the last \
                 of which, `finished`, is the plain answer. Hanging up cancels.",
            )
            .query(
                "background",
                json!({ "type": "boolean", "default": false }),
                "Answer with 202 as soon as it has begun; it goes on whether or not anybody waits",
            )
            .takes::<ToolRequest>(json!({ "code": "print(6 * 7)", "session_id": "my-session", "timeout": 10 }))
            .answers::<ToolResponse>(200, "The program ran, and succeeded or failed")
            .or_as(EVENTS, LIVE)
            .example(answer())
            .answers::<Receipt>(202, "It has begun")
            .with_header("Location", "Where the history has it")
            .refuses([400, 413, 429, 502])
            .refuses_as::<ToolResponse>(),
        operation(("get", "/api/tools"), "listTools", "run", "The tool, as a function schema for a model")
            .query(
                "format",
                json!({ "type": "string", "enum": ["openai", "anthropic", "mcp"], "default": "openai" }),
                "Whose shape; what is in `tools` can be put into a model call as it is",
            )
            .answers_with(
                200,
                "With a description that says what is installed, and the limits in force",
                "application/json",
                |schemas| json!({ "anyOf": [schemas.refer::<ToolList>(), { "type": "object", "required": ["tools"] }] }),
            )
            .refuses([400]),
        operation(("post", "/mcp"), "speakMcp", "run", "The Model Context Protocol")
            .says("A message of JSON-RPC, as the protocol's revisions 2025-03-26 to 2026-07-28 have it.")
            .takes_content("application/json", OBJECT, json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }))
            .answers_with(200, "The answer", "application/json", OBJECT)
            .or_as(EVENTS, |_| events(json!({ "type": "object" })))
            .answers_nothing(202, "It wants no answer")
            .answers_with(400, "What is wrong, as JSON-RPC has it", "application/json", OBJECT)
            .answers_with(404, "There is no such method", "application/json", OBJECT)
            .refuses([403, 413]),
    ]
}

fn sessions() -> Vec<Operation> {
    vec![
        paged(filtered(operation(
            ("get", "/api/sessions"),
            "listSessions",
            "sessions",
            "Sessions, newest first",
        )))
        .answers_page::<Session>("A page of them")
        .refuses([400]),
        operation(
            ("get", "/api/sessions/{id}"),
            "getSession",
            "sessions",
            "One session",
        )
        .answers::<Session>(200, "The session")
        .refuses([400, 404]),
        operation(
            ("delete", "/api/sessions/{id}"),
            "deleteSession",
            "sessions",
            "Forget a session, with its executions and files",
        )
        .answers_nothing(204, "It is gone")
        .refuses([400, 404, 409, 502]),
        paged(operation(
            ("get", "/api/sessions/{id}/executions"),
            "listExecutionsOfSession",
            "sessions",
            "What was run in a session, newest first",
        ))
        .answers_page::<ExecutionSummary>("A page of it")
        .refuses([400, 404]),
    ]
}

fn files() -> Vec<Operation> {
    let file = "/api/sessions/{id}/files/{path}";
    vec![
        paged(operation(
            ("get", "/api/sessions/{id}/files"),
            "listFiles",
            "sessions",
            "The files of a session, by path",
        ))
        .answers::<FilePage>(200, "A page of them, and what all of them come to")
        .refuses([400, 404, 502]),
        operation(("get", file), "readFile", "sessions", "A file")
            .header("Range", "Bytes of it: `bytes=0-1023`")
            .header("If-None-Match", "An `ETag` of this file")
            .answers_with(200, "Its contents", ANY, BINARY)
            .with_header("ETag", "Of these contents")
            .with_header("Content-Disposition", "Its name")
            .answers_with(206, "The bytes asked for", ANY, BINARY)
            .with_header("Content-Range", "Which these are")
            .answers_nothing(304, "It is as it was")
            .refuses([400, 403, 404, 416, 502]),
        operation(
            ("head", file),
            "statFile",
            "sessions",
            "The headers of a file",
        )
        .answers_nothing(200, "As of its contents")
        .refuses([400, 403, 404, 416, 502]),
        operation(("put", file), "writeFile", "sessions", "Write a file")
            .takes_content(BYTES, BINARY, Value::from("a,b\n1,2\n"))
            .answers::<FileInfo>(200, "It was written over")
            .answers::<FileInfo>(201, "It is new")
            .refuses([400, 403, 409, 413, 502, 507]),
        operation(("delete", file), "deleteFile", "sessions", "Delete a file")
            .answers_nothing(204, "It is gone")
            .refuses([400, 403, 404, 409, 502]),
        operation(
            ("get", "/api/sessions/{id}/files.zip"),
            "downloadFiles",
            "sessions",
            "All files of a session",
        )
        .answers_with(200, "A ZIP archive", "application/zip", BINARY)
        .refuses([400, 404, 502]),
        operation(
            ("get", "/api/sessions/{id}/tables/{path}"),
            "readTable",
            "sessions",
            "The beginning of a CSV, TSV or Excel file",
        )
        .query(
            "rows",
            json!({ "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 }),
            "Rows at most",
        )
        .query(
            "sheet",
            json!({ "type": "string" }),
            "A sheet of an Excel file; the first when missing",
        )
        .answers::<Table>(200, "Rows of text")
        .refuses([400, 404, 413, 429, 502]),
    ]
}

fn executions() -> Vec<Operation> {
    let of_one = |method, path, id, summary| {
        operation((method, path), id, "executions", summary).refuses([400, 404])
    };
    vec![
        paged(filtered(operation(
            ("get", "/api/executions"),
            "listExecutions",
            "executions",
            "What was run in all sessions, newest first",
        )))
        .answers_page::<ExecutionSummary>("A page of it")
        .refuses([400]),
        of_one(
            "get",
            "/api/executions/{id}",
            "getExecution",
            "An execution with everything",
        )
        .answers::<Execution>(
            200,
            "With its attempts, what they wrote, and what was said to a model",
        ),
        of_one(
            "get",
            "/api/executions/{id}/events",
            "followExecution",
            "An execution, as it happens",
        )
        .says(
            "From its beginning, or from the event in `Last-Event-ID` on. Each event as its JSON.",
        )
        .header(
            "Last-Event-ID",
            "The `id` of the last event that was received",
        )
        .answers_with(
            200,
            "What happens; the last event is `finished`",
            EVENTS,
            LIVE,
        ),
        of_one(
            "post",
            "/api/executions/{id}/cancel",
            "cancelExecution",
            "End an execution that runs or waits",
        )
        .answers::<Execution>(200, "It has ended; what it wrote is kept")
        .refuses([409, 429]),
        of_one(
            "post",
            "/api/executions/{id}/approve",
            "approveExecution",
            "Run the code that waits, or better code",
        )
        .takes::<Approval>(json!({}))
        .answers::<ToolResponse>(200, "As of the tool call")
        .or_as(EVENTS, LIVE)
        .refuses([409, 413, 429, 502]),
        of_one(
            "post",
            "/api/executions/{id}/reject",
            "rejectExecution",
            "Have the code that waits written anew",
        )
        .takes::<Rejection>(json!({ "reason": "it deletes the data" }))
        .answers::<ToolResponse>(200, "As of the tool call")
        .or_as(EVENTS, LIVE)
        .refuses([409, 413, 429, 502]),
    ]
}

fn logs() -> Vec<Operation> {
    let log = |path, id, summary| {
        paged(filtered(operation(("get", path), id, "logs", summary))).refuses([400])
    };
    vec![
        log(
            "/api/logs/prompts",
            "listPrompts",
            "What went to the model and came back, newest first",
        )
        .answers_page::<PromptLogEntry>("A page of it"),
        log(
            "/api/logs/prompts.log",
            "readPromptLog",
            "The same as text, in the order of time",
        )
        .query(
            "download",
            json!({ "type": "boolean", "default": false }),
            "As a file for a browser to keep",
        )
        .answers_with(200, "Blocks of text, one an execution", "text/plain", TEXT),
        operation(
            ("get", "/api/overview"),
            "getOverview",
            "logs",
            "How things went lately, in figures",
        )
        .query(
            "hours",
            json!({ "type": "integer", "minimum": 1, "maximum": 8760, "default": 24 }),
            "How long back",
        )
        .answers::<Overview>(200, "Counts, times, tokens, the latest failures")
        .refuses([400]),
        operation(
            ("get", "/api/events"),
            "watchChanges",
            "logs",
            "What changes",
        )
        .says("At once, or with `Accept: text/event-stream` as it happens.")
        .query(
            "cursor",
            json!({ "type": "string", "pattern": "^[0-9]*$" }),
            "`cursor` of the answer before",
        )
        .header(
            "Last-Event-ID",
            "The `id` of the last event that was received",
        )
        .answers::<Changes>(200, "What changed since; without a cursor, where to begin")
        .or_as(EVENTS, |schemas| events(schemas.refer::<Changes>()))
        .refuses([400]),
    ]
}

fn server() -> Vec<Operation> {
    vec![
        operation(
            ("get", "/api/config"),
            "getConfig",
            "server",
            "The settings in force, never a secret",
        )
        .answers::<Config>(
            200,
            "Every setting, and what the python service says of itself",
        ),
        operation(
            ("get", "/metrics"),
            "getMetrics",
            "server",
            "Numbers for Prometheus",
        )
        .says(
            "Of all tenants' executions, and of the python service: for the token without a name.",
        )
        .answers_with(200, "Prometheus' text format 0.0.4", "text/plain", TEXT)
        .refuses([403]),
        operation(
            ("get", "/api/health"),
            "getHealth",
            "server",
            "Whether tool calls can work",
        )
        .open()
        .answers::<Health>(200, "All is well")
        .answers::<Health>(503, "It is not"),
    ]
}

/// What stands in each event. OpenAPI 3.1 has no words for that, and tools take `x-data` for what it is: a remark.
fn events(data: Value) -> Value {
    json!({ "description": "Server-sent events; `x-data` is what the `data` of each is", "x-data": data })
}

fn paged(operation: Operation) -> Operation {
    limited(operation).query(
        "cursor",
        json!({ "type": "string" }),
        "`next_cursor` of the page before",
    )
}

pub(super) fn limited(operation: Operation) -> Operation {
    operation.query(
        "limit",
        json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 }),
        "Items of a page",
    )
}

fn filtered(operation: Operation) -> Operation {
    let time = || json!({ "type": "string", "format": "date-time" });
    let modes = ["native", "openinterpreter"];
    let statuses = [
        "running",
        "succeeded",
        "failed",
        "cancelled",
        "interrupted",
        "refused",
        "awaiting_approval",
    ];
    operation
        .query(
            "q",
            json!({ "type": "string", "maxLength": 250 }),
            "Text in ids, code or error, whatever its case",
        )
        .query("session_id", json!({ "type": "string" }), "Of this session")
        .query(
            "mode",
            json!({ "type": "string", "enum": modes }),
            "Run by this executor",
        )
        .query(
            "status",
            json!({ "type": "string", "enum": statuses }),
            "That stand so",
        )
        .query("since", time(), "That began then or later")
        .query("until", time(), "That began before")
}

fn answer() -> Value {
    json!({
        "success": true,
        "answer": "Code executed successfully.\n\nOutput:\n42\n",
        "data": {
            "stdout": "42\n", "stderr": "", "files": {}, "workspace": "data/scratch/my-session", "returncode": 0,
            "results": [], "limit": null, "truncated": { "stdout_bytes": 0, "stderr_bytes": 0, "results": 0 },
        },
        "metadata": {
            "execution_time": 0.003, "code_execution_time": 0.001, "mode": "native", "outcome": "ok", "attempts": 1,
            "session_id": "my-session", "execution_id": "660eeb50e9cb4df1",
        },
        "error": null,
    })
}
