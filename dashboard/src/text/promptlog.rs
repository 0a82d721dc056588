//! The blocks of `prompts.log`, read.

use api::history::ExecutionSummary;

use super::query::Query;

/// The first line of the code or instruction of a block. Everything that others wrote is indented in it, so that
/// none of it can pass for a heading.
pub(crate) fn instruction(block: &str) -> &str {
    let mut lines = block
        .lines()
        .skip_while(|line| *line != "INSTRUCTION:")
        .skip(1);
    lines
        .by_ref()
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// How many blocks a log has.
pub(crate) fn blocks(log: &str) -> usize {
    log.lines()
        .filter(|line| line.starts_with("TOOL EXECUTION: "))
        .count()
}

/// Whether an execution may be in a list that is narrowed so. Only the server knows what a search finds: here it is
/// sought in what the summary has.
pub(crate) fn may_list(query: &Query, execution: &ExecutionSummary) -> bool {
    let sought = query.q.to_lowercase();
    let texts = [
        Some(&execution.session_id),
        Some(&execution.execution_id),
        Some(&execution.preview),
        execution.error.as_ref(),
    ];
    (query.session.is_empty() || query.session == execution.session_id)
        && query.mode.is_none_or(|mode| mode == execution.mode)
        && query.status.is_none_or(|status| status == execution.status)
        && texts
            .into_iter()
            .flatten()
            .any(|text| text.to_lowercase().contains(&sought))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::history::Status;
    use api::tool::Mode;

    const BLOCK: &str = "====\nTOOL EXECUTION: python_coder (Native mode)\n====\nSession ID: a\n\nINSTRUCTION:\n  \n  TOOL EXECUTION: x\n  INSTRUCTION:\n\n--- Attempt 1/1 ---\n";

    #[test]
    fn a_block_is_known_by_its_instruction() {
        assert_eq!(instruction(BLOCK), "TOOL EXECUTION: x");
        assert_eq!(instruction("INSTRUCTION:\n\n--- Attempt"), "");
        assert_eq!(instruction(""), "");
    }

    #[test]
    fn what_a_program_says_is_no_block() {
        assert_eq!(blocks(&BLOCK.repeat(3)), 3);
    }

    #[test]
    fn a_narrowed_list_gets_what_may_be_in_it() {
        let execution = ExecutionSummary {
            execution_id: "1".into(),
            session_id: "a".into(),
            mode: Mode::Native,
            status: Status::Failed,
            started_at: jiff::Timestamp::UNIX_EPOCH,
            finished_at: None,
            execution_time: None,
            attempts: 1,
            preview: "Print it".into(),
            error: None,
        };
        let query =
            |name: &str, value: &str| Query::read(|n| (n == name).then(|| value.to_owned()));
        for (name, value, listed) in [
            ("", "", true),
            ("q", "pRINT", true),
            ("q", "other", false),
            ("session", "a", true),
            ("session", "b", false),
            ("mode", "openinterpreter", false),
            ("status", "failed", true),
            ("status", "running", false),
        ] {
            assert_eq!(
                may_list(&query(name, value), &execution),
                listed,
                "{name}={value}"
            );
        }
    }
}
