//! The operations that E2B's SDK knows, with the shapes that it reads.
//!
//! That a sandbox is named in the header `E2b-Sandbox-Id` is said in words alone: as a parameter, tools would make up
//! names, and take the 502 that the SDK knows a killed sandbox by for an error of ours.

use serde_json::{Value, json};

use super::operation::{Operation, operation};
use super::operations::limited;
use super::schemas::{BINARY, OBJECT, Of};

const JSON: &str = "application/json";

const A_SANDBOX: Of = |_| sandbox();
const SANDBOXES: Of = |_| array(sandbox());
const A_CONTEXT: Of = |_| context();
const CONTEXTS: Of = |_| array(context());
const WRITTEN: Of = |_| array(object(&["name", "type", "path"]));
const ENTRY: Of = |_| within("entry", entry());
const ENTRIES: Of = |_| within("entries", array(entry()));
const LINES: Of = |_| {
    let kinds = [
        "number_of_executions",
        "stdout",
        "stderr",
        "result",
        "error",
        "end_of_execution",
    ];
    let line = within("type", json!({ "enum": kinds }));
    json!({ "description": "Lines of JSON; `x-data` is what each is", "x-data": line })
};

pub(super) fn all() -> Vec<Operation> {
    [sandboxes(), code(), files()]
        .into_iter()
        .flatten()
        .collect()
}

fn sandboxes() -> Vec<Operation> {
    let new = json!({ "templateID": "code-interpreter-v1" });
    let create = |path, id| {
        e2b(("post", path), id, "Make a sandbox: a new session")
            .takes_content(JSON, OBJECT, new.clone())
            .answers_with(201, "The sandbox", JSON, A_SANDBOX)
            .refuses([413])
    };
    let connect = |path, id| {
        e2b(("post", path), id, "Go on with a sandbox")
            .answers_with(200, "The sandbox", JSON, A_SANDBOX)
            .refuses([404])
    };
    vec![
        create("/sandboxes", "createSandboxV1"),
        create("/v2/sandboxes", "createSandbox"),
        limited(e2b(
            ("get", "/v2/sandboxes"),
            "listSandboxes",
            "All sandboxes, newest first",
        ))
        .query(
            "nextToken",
            json!({ "type": "string" }),
            "`X-Next-Token` of the page before",
        )
        .query(
            "state",
            json!({ "type": "string" }),
            "All of them are `running`",
        )
        .answers_with(200, "A page of them", JSON, SANDBOXES)
        .with_header("X-Next-Token", "The cursor of the next page"),
        e2b(("get", "/sandboxes/{id}"), "getSandbox", "A sandbox")
            .answers_with(200, "The sandbox", JSON, A_SANDBOX)
            .refuses([404]),
        e2b(
            ("delete", "/sandboxes/{id}"),
            "killSandbox",
            "Delete a sandbox, and its files",
        )
        .answers_nothing(204, "It is gone")
        .refuses([404, 409, 502]),
        e2b(
            ("post", "/sandboxes/{id}/timeout"),
            "keepSandbox",
            "Have it last: it does",
        )
        .answers_nothing(204, "It lasts")
        .refuses([404]),
        connect("/sandboxes/{id}/connect", "connectSandboxV1"),
        connect("/v2/sandboxes/{id}/connect", "connectSandbox"),
        e2b(
            ("get", "/health"),
            "isSandboxRunning",
            "Whether a sandbox is there",
        )
        .says("The one in the header `E2b-Sandbox-Id`; without it, whether there may be one.")
        .answers_nothing(204, "It is")
        .refuses([502]),
    ]
}

fn code() -> Vec<Operation> {
    let new = |_: &mut _| json!({ "type": "object", "properties": { "language": { "type": ["string", "null"] } } });
    let program = |_: &mut _| {
        json!({
            "type": "object",
            "required": ["code"],
            "properties": {
                "code": { "type": "string" },
                "context_id": { "type": ["string", "null"] },
                "language": { "type": ["string", "null"], "examples": ["python"] },
            },
        })
    };
    vec![
        e2b(("post", "/execute"), "execute", "Run code")
            .says(
                "In the sandbox that the header `E2b-Sandbox-Id` names, or in a new one. Told line by line. Whatever \
                 the mode, the code runs as it is. Hanging up cancels.",
            )
            .takes_content(JSON, program, json!({ "code": "print(6 * 7)" }))
            .answers_with(200, "What happens", "application/x-ndjson", LINES)
            .refuses([403, 404, 413, 429, 502]),
        in_sandbox(("post", "/contexts"), "createContext", "Make a context")
            .takes_content(JSON, new, json!({ "language": "python" }))
            .answers_with(200, "The context", JSON, A_CONTEXT)
            .refuses([413]),
        in_sandbox(
            ("get", "/contexts"),
            "listContexts",
            "All contexts of a sandbox",
        )
        .answers_with(200, "The contexts", JSON, CONTEXTS),
        in_sandbox(
            ("delete", "/contexts/{id}"),
            "removeContext",
            "Forget a context",
        )
        .answers_nothing(204, "It is gone")
        .refuses([404, 409]),
        in_sandbox(
            ("post", "/contexts/{id}/restart"),
            "restartContext",
            "Begin a context anew",
        )
        .answers_nothing(204, "Nothing but files outlives a call anyway")
        .refuses([404]),
    ]
}

fn files() -> Vec<Operation> {
    let path = "A path, under `/workspace` if it is not absolute";
    let text = json!({ "type": "string" });
    let place = |_: &mut _| {
        json!({
            "type": "object",
            "properties": {
                "path": { "type": "string" },
                "depth": { "type": "integer", "minimum": 0, "maximum": 1000 },
            },
        })
    };
    let service = |path, id, summary| {
        in_sandbox(("post", path), id, summary)
            .takes_content(JSON, place, json!({ "path": "/workspace/data" }))
            .refuses([404, 413])
            .refused_with(|_| refusal(json!({ "type": "string" })))
    };
    vec![
        in_sandbox(("get", "/files"), "readSandboxFile", "Read a file")
            .query("path", text.clone(), path)
            .answers_with(200, "Its contents", "*/*", BINARY)
            .refuses([403, 404]),
        e2b(("post", "/files"), "writeSandboxFile", "Write files")
            .says(
                "In the sandbox that the header `E2b-Sandbox-Id` names. One as it is, at `path`; or a form, \
                 `multipart/form-data`, whose parts have their paths as names.",
            )
            .query("path", text, path)
            .takes_content("application/octet-stream", BINARY, Value::from("a,b\n1,2\n"))
            .answers_with(200, "What was written", JSON, WRITTEN)
            .refuses([403, 409, 413, 502, 507]),
        service(
            "/filesystem.Filesystem/Stat",
            "statEntry",
            "A file or folder",
        )
        .answers_with(200, "The entry", JSON, ENTRY),
        service(
            "/filesystem.Filesystem/ListDir",
            "listEntries",
            "What is in a folder",
        )
        .answers_with(200, "The entries, by path", JSON, ENTRIES),
        service(
            "/filesystem.Filesystem/Remove",
            "removeEntry",
            "Delete a file, or all that is in a folder",
        )
        .answers_with(200, "It is gone", JSON, OBJECT)
        .refuses([403, 409]),
    ]
}

fn e2b(route: (&'static str, &'static str), id: &'static str, summary: &'static str) -> Operation {
    operation(route, id, "e2b", summary)
        .refuses([400])
        .refused_with(|_| refusal(json!({ "type": "integer" })))
}

fn in_sandbox(
    route: (&'static str, &'static str),
    id: &'static str,
    summary: &'static str,
) -> Operation {
    e2b(route, id, summary)
        .says("In the sandbox that the header `E2b-Sandbox-Id` names: a session's id. 502 if it is gone.")
        .refuses([502])
}

fn refusal(code: Value) -> Value {
    json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": { "code": code, "message": { "type": "string" } },
    })
}

fn sandbox() -> Value {
    object(&["templateID", "sandboxID", "clientID", "envdVersion"])
}

fn context() -> Value {
    object(&["id", "language", "cwd"])
}

fn entry() -> Value {
    object(&["name", "type", "path", "size"])
}

fn array(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// An object that has something by this name.
fn within(name: &str, schema: Value) -> Value {
    json!({ "type": "object", "required": [name], "properties": { name: schema } })
}

/// An object with such texts, and perhaps more.
fn object(texts: &[&str]) -> Value {
    let properties = texts
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "type": "string" })));
    json!({ "type": "object", "required": texts, "properties": Value::Object(properties.collect()) })
}
