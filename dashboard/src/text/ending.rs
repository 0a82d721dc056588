//! How a run ended, in words: what `ToolResponse` and `Attempt` say with codes.

use api::history::Status;
use api::python::Outcome;
use api::tool::ToolResponse;

/// How an execution stands after its answer.
pub(crate) fn status(response: &ToolResponse) -> Status {
    match (response.metadata.status, response.metadata.outcome) {
        (Some(status), _) => status,
        _ if response.metadata.code.is_some() => Status::Refused,
        (_, Some(Outcome::Cancelled)) => Status::Cancelled,
        _ if response.success => Status::Succeeded,
        _ => Status::Failed,
    }
}

/// What there is to do about a refusal: the tool's answer has it at its end.
pub(crate) fn hint(response: &ToolResponse) -> Option<&str> {
    response
        .answer
        .split_once("\n\nHint: ")
        .map(|(_, hint)| hint)
}

/// An outcome for people.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "Ran to its end",
        Outcome::Exception => "Exception",
        Outcome::Exit => "Exited with an error",
        Outcome::Timeout => "Time limit",
        Outcome::Memory => "Out of memory",
        Outcome::Disk => "Workspace full",
        Outcome::Cancelled => "Cancelled",
        Outcome::Crashed => "Crashed",
    }
}

#[cfg(test)]
mod tests {
    use api::error::ErrorCode;
    use api::tool::{ToolData, ToolMetadata};

    use super::*;

    fn response(success: bool, metadata: ToolMetadata) -> ToolResponse {
        ToolResponse {
            success,
            answer: "The code was not run: busy\n\nHint: wait".into(),
            data: ToolData::default(),
            metadata,
            error: None,
        }
    }

    #[test]
    fn an_answer_says_how_it_stands() {
        let plain = ToolMetadata::default();
        assert_eq!(status(&response(true, plain.clone())), Status::Succeeded);
        assert_eq!(status(&response(false, plain.clone())), Status::Failed);
        let refused = ToolMetadata {
            code: Some(ErrorCode::Busy),
            ..plain.clone()
        };
        assert_eq!(status(&response(false, refused.clone())), Status::Refused);
        assert_eq!(hint(&response(false, refused)), Some("wait"));
        let cancelled = ToolMetadata {
            outcome: Some(Outcome::Cancelled),
            ..plain.clone()
        };
        assert_eq!(status(&response(false, cancelled)), Status::Cancelled);
        let waiting = ToolMetadata {
            status: Some(Status::AwaitingApproval),
            ..plain
        };
        assert_eq!(status(&response(false, waiting)), Status::AwaitingApproval);
    }
}
