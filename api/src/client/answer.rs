//! What was answered: what was asked for, or a refusal.

use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

use super::ClientError;
use crate::error::{ErrorBody, ErrorCode};
use crate::tool::ToolResponse;

/// Why a tool call is refused, which it is in the tool's shape: the hint is at the end of the answer.
pub(super) async fn refused_call(response: Response) -> ClientError {
    let status = response.status().as_u16();
    let wait = response.headers().get(reqwest::header::RETRY_AFTER);
    let wait = wait.and_then(|wait| Some(format!("try again in {} s", wait.to_str().ok()?)));
    let refused: ToolResponse = match body(response).await {
        Ok(refused) => refused,
        Err(error) => return error,
    };
    let code = refused.metadata.code.unwrap_or(ErrorCode::Internal);
    let told = refused.answer.split_once("\n\nHint: ");
    let hint = wait.or_else(|| told.map(|(_, hint)| hint.to_owned()));
    let error = refused.error.unwrap_or(refused.answer);
    let body = ErrorBody { error, code, hint };
    ClientError::Refused { status, body }
}

pub(super) async fn accepted(response: Response) -> Result<Response, ClientError> {
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        return Ok(response);
    }
    let body = body(response).await?;
    Err(ClientError::Refused {
        status: status.as_u16(),
        body,
    })
}

pub(super) async fn body<T: DeserializeOwned>(response: Response) -> Result<T, ClientError> {
    let status = response.status().as_u16();
    let bytes = response.bytes().await?;
    serde_json::from_slice(&bytes).map_err(|source| ClientError::Unexpected { status, source })
}
