use super::*;

fn stdout(text: &str) -> LiveEvent {
    LiveEvent::Stdout { text: text.into() }
}

fn stderr(text: &str) -> LiveEvent {
    LiveEvent::Stderr { text: text.into() }
}

fn model(text: &str) -> LiveEvent {
    LiveEvent::Model { text: text.into() }
}

fn attempt(number: u32) -> LiveEvent {
    LiveEvent::Attempt {
        number,
        code: format!("run({number})"),
        reason: None,
    }
}

fn folded(events: impl IntoIterator<Item = LiveEvent>) -> LiveRun {
    let mut run = LiveRun::default();
    for event in events {
        run.fold(event);
    }
    run
}

/// What is shown, in a line a block.
fn shown<'a>(blocks: impl Iterator<Item = &'a Block>) -> Vec<String> {
    let block = |block: &Block| match &block.content {
        Content::Program { code, .. } => format!("{}: {code}", block.attempt),
        Content::Result(bundle) => format!("{}: {bundle:?}", block.attempt),
        Content::Text(pieces) => {
            let pieces = pieces
                .iter()
                .map(|piece| format!("{:?} {:?}", piece.voice, piece.text));
            format!(
                "{}: {}",
                block.attempt,
                pieces.collect::<Vec<_>>().join(", ")
            )
        }
    };
    blocks.map(block).collect()
}

fn response(stderr: &str) -> LiveEvent {
    let data = api::tool::ToolData {
        stdout: "a".into(),
        stderr: stderr.into(),
        ..Default::default()
    };
    LiveEvent::Finished(Box::new(ToolResponse {
        success: false,
        answer: String::new(),
        data,
        metadata: Default::default(),
        error: None,
    }))
}

#[test]
fn it_is_in_order_and_neighbours_are_one() {
    let bundle = MimeBundle::from([("text/plain".into(), "3".into())]);
    let run = folded([
        LiveEvent::Started {
            execution_id: "e1".into(),
            session_id: "s1".into(),
            mode: Mode::OpenInterpreter,
        },
        model("I "),
        model("try"),
        attempt(1),
        stdout("a"),
        stdout("b\n"),
        stderr("careful\n"),
        stdout("c\n"),
        LiveEvent::Result(bundle),
        stdout("d\n"),
    ]);
    assert_eq!(run.execution_id.as_deref(), Some("e1"));
    assert_eq!(
        shown(run.blocks()),
        [
            r#"0: Model "I try""#,
            "1: run(1)",
            r#"1: Stdout "ab\n", Stderr "careful\n", Stdout "c\n""#,
            r#"1: {"text/plain": "3"}"#,
            r#"1: Stdout "d\n""#,
        ]
    );
    for block in run.blocks() {
        assert_eq!(run.block(block.id), Some(block));
    }
}

#[test]
fn an_attempt_that_is_known_is_left_out() {
    let mut run = folded([attempt(1), stdout("a"), model("again")]);
    assert_eq!(shown(run.blocks_after(1)), [r#"1: Model "again""#]);
    assert_eq!(run.blocks_after(0).count(), 3);
    run.fold(attempt(2));
    run.fold(stdout("b"));
    assert_eq!(
        shown(run.blocks_after(1)),
        [r#"1: Model "again""#, "2: run(2)", r#"2: Stdout "b""#]
    );
    assert_eq!(run.blocks_after(2).count(), 0);
    assert_eq!(run.attempt(), 2);
}

#[test]
fn the_end_brings_the_traceback_and_nothing_twice() {
    let run = folded([
        attempt(1),
        stdout("a"),
        stderr("careful"),
        response("careful\nTraceback: x\n"),
    ]);
    assert_eq!(
        shown(run.blocks())[1],
        r#"1: Stdout "a", Stderr "careful\nTraceback: x\n""#
    );
    let finished = run.finished.unwrap();
    assert_eq!(
        (finished.data.stdout, finished.data.stderr),
        (String::new(), String::new())
    );
    // Where nothing was added, nothing is.
    let run = folded([attempt(1), stderr("careful"), response("careful")]);
    assert_eq!(shown(run.blocks())[1], r#"1: Stderr "careful""#);
}

#[test]
fn long_text_is_in_pieces_that_end_with_a_line() {
    let line = format!("{}\n", "x".repeat(99));
    let run = folded((0..1000).map(|_| stdout(&line)));
    let Content::Text(pieces) = &run.blocks().next().unwrap().content else {
        panic!("no text")
    };
    assert!(pieces.len() > 5, "{}", pieces.len());
    for piece in pieces {
        assert!(piece.text.ends_with('\n') && piece.text.len() <= PIECE_BYTES + line.len());
    }
    assert_eq!(
        pieces.iter().map(|piece| piece.text.len()).sum::<usize>(),
        100_000
    );
}

#[test]
fn the_oldest_goes_when_it_is_too_much() {
    let line = format!("{}\n", "x".repeat(999));
    let run = folded((0..3000).map(|index| match index {
        2999 => stdout("last\n"),
        _ => stdout(&line),
    }));
    let kept: usize = run.blocks().map(Block::bytes).sum();
    assert!(
        kept <= MAX_BYTES && kept > MAX_BYTES - 2 * PIECE_BYTES,
        "{kept}"
    );
    assert_eq!(kept + run.dropped_bytes, 2999 * 1000 + 5);
    assert!(shown(run.blocks())[0].ends_with("last\\n\""));
    // One thing that is too large by itself is shown.
    let huge = MimeBundle::from([("image/png".into(), "x".repeat(3 << 20))]);
    let run = folded([stdout("a"), LiveEvent::Result(huge)]);
    assert_eq!((run.blocks().count(), run.dropped_bytes), (1, 1));
}
