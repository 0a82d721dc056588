//! Whether an agent sent a program or an instruction in words.

use api::history::{Attempt, Execution};
use api::tool::Mode;

/// In openinterpreter mode what was sent is a program if it ran as it was; in native mode it always is one.
pub(crate) fn is_program(execution: &Execution) -> bool {
    let sent = execution.code.trim();
    let first = execution.attempt_list.first().map(first_code);
    execution.summary.mode == Mode::Native || first.is_some_and(|code| code.trim() == sent)
}

/// The first program of an attempt.
fn first_code(attempt: &Attempt) -> &str {
    attempt
        .steps
        .first()
        .map_or(&attempt.code, |step| &step.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn execution(mode: &str, sent: &str, ran: &str) -> Execution {
        serde_json::from_value(serde_json::json!({
            "execution_id": "e", "session_id": "s", "mode": mode, "status": "succeeded",
            "started_at": "2026-01-01T00:00:00Z", "finished_at": null, "execution_time": null,
            "attempts": 1, "preview": "", "error": null, "code": sent, "context": null,
            "attempt_list": [{
                "number": 1, "code": "last()", "script_name": "script_e.py", "started_at": "2026-01-01T00:00:00Z",
                "outcome": null, "returncode": null, "stdout": "", "stderr": "", "results": [], "error": null,
                "limit": null, "truncated": {"stdout_bytes": 0, "stderr_bytes": 0, "results": 0},
                "code_execution_time": null, "peak_memory_bytes": null, "changed_files": [],
                "steps": [{
                    "code": ran, "script_name": "", "stdout": "", "stderr": "", "results": [],
                    "truncated": {"stdout_bytes": 0, "stderr_bytes": 0, "results": 0},
                    "code_execution_time": 0.0, "changed_files": []
                }]
            }]
        }))
        .unwrap()
    }

    #[test]
    fn what_ran_as_it_was_sent_is_a_program() {
        assert!(is_program(&execution("native", "anything", "")));
        assert!(is_program(&execution(
            "openinterpreter",
            "print(1)\n",
            "print(1)"
        )));
        assert!(!is_program(&execution(
            "openinterpreter",
            "print one",
            "print(1)"
        )));
    }
}
