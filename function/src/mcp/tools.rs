//! The tool, as the protocol describes it.

use api::tool::FunctionSchema;
use serde_json::{Value, json};

/// The tool.
pub const NAME: &str = "python_coder";
/// Another name of it, which models know from elsewhere.
pub const ALIAS: &str = "execute_code";

const SESSION: &str = "The session whose files the code sees and changes: the `session_id` of an earlier answer. Left \
    out, it is the connection's own, where the client keeps one, or else a new, empty one.";

/// The tool under both its names.
pub fn definitions(schema: FunctionSchema) -> Value {
    let mut parameters = schema.parameters;
    parameters["properties"]["session_id"]["description"] = json!(SESSION);
    let definition = |name: &str, description: &str| {
        json!({
            "name": name,
            "title": "Run Python",
            "description": description,
            "inputSchema": parameters,
            "outputSchema": output(),
            // There is no network in a sandbox.
            "annotations": { "readOnlyHint": false, "openWorldHint": false },
        })
    };
    let alias = format!("Another name of {NAME}, which says what it does.");
    json!([
        definition(NAME, &schema.description),
        definition(ALIAS, &alias)
    ])
}

/// The schema of `structuredContent`, which [`super::result`] makes.
fn output() -> Value {
    json!({
        "type": "object",
        "properties": {
            "session_id": { "type": "string", "description": "Pass it to go on with the same files." },
            "execution_id": { "type": "string", "description": "Where the history has it." },
            "success": { "type": "boolean", "description": "Whether the program came to its end without an error." },
            "stdout": { "type": "string" },
            "stderr": { "type": "string" },
            "returncode": { "type": "integer" },
            "result": { "description": "The value of the final expression, where it is JSON; null where not." },
            "files": {
                "type": "array",
                "items": { "type": "string" },
                "description": "Files that the program made or changed."
            }
        },
        "required": ["session_id", "execution_id", "success", "stdout", "stderr", "returncode", "result", "files"]
    })
}
