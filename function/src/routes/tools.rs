//! `GET /api/tools`: the tool, as the function schema that a model is given.

use api::tool::{FunctionSchema, Tool, ToolList};
use axum::{Extension, Json};

use super::InForce;
use crate::description;
use crate::error::Refusal;
use crate::python::PythonService;

pub(super) async fn list(Extension(settings): InForce) -> Result<Json<ToolList>, Refusal> {
    let path = description::path(settings.mode);
    let template = std::fs::read_to_string(path)
        .map_err(|error| Refusal::internal(&format!("{path}: {error}")))?;
    let image = PythonService::new(&settings.python_url)
        .health()
        .await
        .ok()
        .map(|health| health.image);
    let function = FunctionSchema {
        name: "python_coder".to_owned(),
        description: description::describe(&template, &settings, image.as_ref()),
        parameters: description::parameters(&settings),
    };
    Ok(Json(ToolList {
        tools: vec![Tool {
            kind: "function".to_owned(),
            function,
        }],
    }))
}
