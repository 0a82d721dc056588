//! One operation of the API, and what a document says of it.

use api::error::{ErrorBody, ErrorCode};
use api::history::Page;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::schemas::{Of, Schemas};

/// What a caller can do with one route.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) tag: &'static str,
    summary: &'static str,
    description: &'static str,
    parameters: Vec<Value>,
    body: Option<Content>,
    answers: Vec<Answer>,
    refused: Vec<u16>,
    /// In what shape.
    refusal: Of,
    needs_token: bool,
}

struct Answer {
    status: u16,
    description: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    contents: Vec<Content>,
}

struct Content {
    media: &'static str,
    schema: Of,
    example: Option<Value>,
}

/// An operation; whatever needs the settings and the history can fail for them.
pub(super) fn operation(
    (method, path): (&'static str, &'static str),
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
) -> Operation {
    Operation {
        method,
        path,
        id,
        tag,
        summary,
        description: "",
        parameters: in_path(path),
        body: None,
        answers: Vec::new(),
        refused: vec![401, 500, 503],
        refusal: |schemas| schemas.refer::<ErrorBody>(),
        needs_token: true,
    }
}

impl Operation {
    pub(super) fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    pub(super) fn open(mut self) -> Self {
        self.needs_token = false;
        self.refused.clear();
        self
    }

    pub(super) fn query(mut self, name: &str, schema: Value, description: &str) -> Self {
        self.parameters.push(json!({
            "name": name, "in": "query", "required": false, "schema": schema, "description": description,
        }));
        self
    }

    pub(super) fn header(mut self, name: &str, description: &str) -> Self {
        self.parameters.push(json!({
            "name": name, "in": "header", "required": false, "schema": { "type": "string" },
            "description": description,
        }));
        self
    }

    pub(super) fn takes<T: ToSchema>(self, example: Value) -> Self {
        self.takes_content("application/json", |schemas| schemas.refer::<T>(), example)
    }

    pub(super) fn takes_content(mut self, media: &'static str, schema: Of, example: Value) -> Self {
        self.body = Some(Content {
            media,
            schema,
            example: Some(example),
        });
        self
    }

    pub(super) fn answers<T: ToSchema>(self, status: u16, description: &'static str) -> Self {
        self.answers_with(status, description, "application/json", |schemas| {
            schemas.refer::<T>()
        })
    }

    pub(super) fn answers_page<T: ToSchema>(self, description: &'static str) -> Self
    where
        Page<T>: ToSchema,
    {
        self.answers_with(200, description, "application/json", |schemas| {
            schemas.refer::<T>();
            schemas.refer::<Page<T>>()
        })
    }

    pub(super) fn answers_with(
        mut self,
        status: u16,
        description: &'static str,
        media: &'static str,
        schema: Of,
    ) -> Self {
        self.answers.push(Answer {
            status,
            description,
            headers: Vec::new(),
            contents: vec![Content {
                media,
                schema,
                example: None,
            }],
        });
        self
    }

    pub(super) fn answers_nothing(mut self, status: u16, description: &'static str) -> Self {
        self.answers.push(Answer {
            status,
            description,
            headers: Vec::new(),
            contents: Vec::new(),
        });
        self
    }

    /// The last answer, if the caller asks for another media type.
    pub(super) fn or_as(mut self, media: &'static str, schema: Of) -> Self {
        let last = self.answers.last_mut().expect("there is an answer");
        last.contents.push(Content {
            media,
            schema,
            example: None,
        });
        self
    }

    /// Of the last answer.
    pub(super) fn example(mut self, example: Value) -> Self {
        let last = self.answers.last_mut().expect("there is an answer");
        last.contents[0].example = Some(example);
        self
    }

    /// Of the last answer.
    pub(super) fn with_header(mut self, name: &'static str, description: &'static str) -> Self {
        let last = self.answers.last_mut().expect("there is an answer");
        last.headers.push((name, description));
        self
    }

    pub(super) fn refuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.refused.extend(statuses);
        self
    }

    pub(super) fn refuses_as<T: ToSchema>(self) -> Self {
        self.refused_with(|schemas| schemas.refer::<T>())
    }

    pub(super) fn refused_with(mut self, schema: Of) -> Self {
        self.refusal = schema;
        self
    }

    pub(super) fn described(&self, schemas: &mut Schemas) -> Value {
        let mut responses = Map::new();
        for answer in &self.answers {
            let headers = headers(&answer.headers);
            let mut response = json!({ "description": answer.description, "headers": headers });
            if !answer.contents.is_empty() {
                response["content"] = contents(&answer.contents, schemas);
            }
            responses.insert(answer.status.to_string(), response);
        }
        for &status in &self.refused {
            let told = match status {
                401 => Some(("WWW-Authenticate", "The scheme, `Bearer`")),
                429 => Some(("Retry-After", "Seconds to wait, where that is known")),
                _ => None,
            };
            let response = json!({
                "description": reason(status),
                "headers": headers(told.as_slice()),
                "content": { "application/json": { "schema": (self.refusal)(schemas) } },
            });
            responses.insert(status.to_string(), response);
        }
        let mut operation = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "responses": responses,
        });
        if !self.description.is_empty() {
            operation["description"] = self.description.into();
        }
        if !self.parameters.is_empty() {
            operation["parameters"] = self.parameters.clone().into();
        }
        if let Some(body) = &self.body {
            let content = contents(std::slice::from_ref(body), schemas);
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        if !self.needs_token {
            operation["security"] = json!([]);
        }
        operation
    }
}

fn contents(contents: &[Content], schemas: &mut Schemas) -> Value {
    let described = contents.iter().map(|content| {
        let mut described = json!({ "schema": (content.schema)(schemas) });
        if let Some(example) = &content.example {
            described["example"] = example.clone();
        }
        (content.media.to_owned(), described)
    });
    Value::Object(described.collect())
}

/// These, and the one that every answer has.
fn headers(told: &[(&str, &str)]) -> Value {
    let described = told.iter().map(|(name, what)| {
        let described = json!({ "description": what, "schema": { "type": "string" } });
        ((*name).to_owned(), described)
    });
    let id = (
        "X-Request-Id".to_owned(),
        json!({ "$ref": "#/components/headers/RequestId" }),
    );
    Value::Object(described.chain([id]).collect())
}

/// The parameters that a path has in braces.
fn in_path(path: &str) -> Vec<Value> {
    let names = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    let described = names.map(|name| {
        let id = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
        let (pattern, example, what) = match name {
            "id" if path.starts_with("/api/executions") => {
                ("^[0-9a-f]{1,32}$", "660eeb50e9cb4df1", "An execution's id")
            }
            "id" if path.starts_with("/contexts") => (id, "my-session", "A context's id"),
            "id" => (id, "my-session", "A session's id"),
            _ => (
                "^[^/]",
                "data/table.csv",
                "A path in the workspace; its slashes may stand as they are",
            ),
        };
        json!({
            "name": name, "in": "path", "required": true, "description": what, "example": example,
            "schema": { "type": "string", "pattern": pattern },
        })
    });
    described.collect()
}

/// When a request is refused with a status.
fn reason(status: u16) -> String {
    let code = [
        (ErrorCode::BadRequest, "The request is malformed"),
        (ErrorCode::Unauthorized, "A token is needed, or is wrong"),
        (ErrorCode::Forbidden, "It is understood and not allowed"),
        (ErrorCode::NotFound, "There is no such thing"),
        (ErrorCode::Conflict, "The state of things forbids it"),
        (
            ErrorCode::TooLarge,
            "The body is larger than the route takes",
        ),
        (
            ErrorCode::RangeNotSatisfiable,
            "The range asked for lies outside the file",
        ),
        (
            ErrorCode::Busy,
            "As much is being done as may be: try again",
        ),
        (
            ErrorCode::Internal,
            "Our fault; the function's log has more",
        ),
        (
            ErrorCode::PythonUnavailable,
            "The python service or the model server does not answer",
        ),
        (
            ErrorCode::Misconfigured,
            "The settings can't work; an operator must change them",
        ),
        (
            ErrorCode::WorkspaceFull,
            "The workspace's limit of bytes or files is reached",
        ),
    ];
    let known = code.iter().find(|(code, _)| code.status() == status);
    known.map_or_else(
        || format!("Status {status}"),
        |(_, reason)| (*reason).to_owned(),
    )
}
