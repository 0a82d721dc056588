use api::history::{Exchange, ExecutionSummary, Step};
use api::tool::{Mode, Tokens};
use jiff::Timestamp;

use super::*;
use crate::live::gather;

fn exchange(reply: &str) -> Exchange {
    Exchange {
        started_at: Timestamp::UNIX_EPOCH,
        seconds: 0.0,
        messages: Vec::new(),
        reply: reply.to_owned(),
        tokens: Tokens::default(),
        error: None,
    }
}

fn attempt(number: u32, code: &str, stdout: &str, outcome: Option<Outcome>) -> Attempt {
    Attempt {
        outcome,
        returncode: Some(7),
        stdout: stdout.to_owned(),
        ..Attempt::new(
            number,
            code.to_owned(),
            "script_1.py".to_owned(),
            Timestamp::UNIX_EPOCH,
        )
    }
}

/// One program failed; of the next two one ran, and a model said of the other that it is the end.
fn execution() -> Execution {
    let mut second = attempt(2, "c", "three", Some(Outcome::Ok));
    second.exchanges = vec![exchange("write b"), exchange("write c"), exchange("done")];
    second.steps = vec![Step {
        code: "b".to_owned(),
        stdout: "twoé".to_owned(),
        stderr: "oh".to_owned(),
        results: vec![MimeBundle::new()],
        ..Step::default()
    }];
    Execution {
        summary: ExecutionSummary {
            execution_id: "1".to_owned(),
            session_id: "s".to_owned(),
            mode: Mode::OpenInterpreter,
            status: api::history::Status::Succeeded,
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
            execution_time: None,
            attempts: 2,
            preview: String::new(),
            error: None,
        },
        code: "a".to_owned(),
        timeout: None,
        stdin: None,
        context: None,
        model: None,
        tokens: None,
        proposed_code: None,
        attempt_list: vec![attempt(1, "a", "one", Some(Outcome::Exit)), second],
    }
}

fn shown(events: &[LiveEvent]) -> Vec<String> {
    let shown = events.iter().map(|event| match event {
        LiveEvent::Attempt {
            number,
            code,
            reason,
        } => format!("{number}: {code} {}", reason.as_deref().unwrap_or("-")),
        LiveEvent::Stdout { text } | LiveEvent::Stderr { text } | LiveEvent::Model { text } => {
            format!("{} {text}", event.name())
        }
        _ => event.name().to_owned(),
    });
    shown.collect()
}

#[test]
fn all_is_told_in_order() {
    let events = catch_up(&execution(), &Mark::default());
    assert_eq!(
        shown(&events),
        [
            "1: a -",
            "stdout one",
            "model write b",
            "2: b the program exited with status 7",
            "stdout twoé",
            "stderr oh",
            "result",
            "model write c",
            "2: c -",
            "stdout three",
            "model done",
        ]
    );
}

/// Whatever was told, character by character, the rest is what is missing.
#[test]
fn what_was_told_is_not_told_again() {
    let whole = catch_up(&execution(), &Mark::default());
    let mut pieces = Vec::new();
    for event in &whole {
        let text = |text: &String| text.chars().map(String::from).collect::<Vec<_>>();
        match event {
            LiveEvent::Stdout { text: all } => {
                pieces.extend(text(all).into_iter().map(|text| LiveEvent::Stdout { text }))
            }
            LiveEvent::Stderr { text: all } => {
                pieces.extend(text(all).into_iter().map(|text| LiveEvent::Stderr { text }))
            }
            LiveEvent::Model { text: all } => {
                pieces.extend(text(all).into_iter().map(|text| LiveEvent::Model { text }))
            }
            other => pieces.push(other.clone()),
        }
    }
    for told in 0..=pieces.len() {
        let mut mark = Mark::default();
        let mut all = Vec::new();
        for event in &pieces[..told] {
            mark.pass(event);
            gather(&mut all, event.clone());
        }
        for event in catch_up(&execution(), &mark) {
            gather(&mut all, event);
        }
        assert_eq!(shown(&all), shown(&whole), "after {told}");
    }
}

#[test]
fn what_turned_out_to_be_no_program_is_told_anew() {
    let mut mark = Mark::default();
    mark.pass(&LiveEvent::Attempt {
        number: 1,
        code: "do it".to_owned(),
        reason: None,
    });
    let events = catch_up(&execution(), &mark);
    assert_eq!(events, catch_up(&execution(), &Mark::default()));
}
