//! Events arrive as they happen.

use api::python::{Outcome, RunEvent};

use crate::harness::{PythonService, run_request, unique};

#[test]
fn output_arrives_while_the_program_still_runs() {
    let service = PythonService::shared();
    let mut run = service.start_run(
        "import os, time\nprint('waiting')\nwhile not os.path.exists('go'): time.sleep(0.005)\nprint('went')",
    );
    assert_eq!(run.wait_for_line(), "waiting\n");
    // Only because the line is here already can the file be put that ends the program.
    service
        .http()
        .put(&format!("/v1/sessions/{}/files/go", run.session_id()), "")
        .expect(201);
    let ran = run.finish();
    assert_eq!(
        (ran.stdout.as_str(), ran.finished.outcome),
        ("went\n", Outcome::Ok),
        "{ran:?}"
    );
}

#[test]
fn output_without_a_newline_arrives_too() {
    let mut run = PythonService::shared()
        .start_run("import sys, time\nsys.stdout.write('> ')\ntime.sleep(1e9)");
    assert_eq!(run.next(), Some(RunEvent::Started));
    assert_eq!(
        run.next(),
        Some(RunEvent::Stdout {
            text: "> ".to_owned()
        })
    );
}

#[test]
fn the_first_event_is_started_and_the_last_finished() {
    let mut run = PythonService::shared()
        .start_run("print('out')\nimport sys\nprint('err', file=sys.stderr)\n42");
    let mut events: Vec<RunEvent> = Vec::new();
    while let Some(event) = run.next() {
        // A stream may come in any number of pieces.
        if events.last().map(std::mem::discriminant) != Some(std::mem::discriminant(&event)) {
            events.push(event);
        }
    }
    let kinds: Vec<_> = events
        .iter()
        .map(|event| match event {
            RunEvent::Started => "started",
            RunEvent::Stdout { .. } => "stdout",
            RunEvent::Stderr { .. } => "stderr",
            RunEvent::Result(_) => "result",
            RunEvent::Finished(_) => "finished",
        })
        .collect();
    assert_eq!(
        kinds,
        ["started", "stdout", "stderr", "result", "finished"],
        "{events:?}"
    );
}

#[test]
fn results_come_in_order_with_output() {
    let mut run = PythonService::shared().start_run("print('a')\ndisplay(1)\nprint('b')");
    let mut order = String::new();
    while let Some(event) = run.next() {
        match event {
            RunEvent::Stdout { text } => order.push_str(&text),
            RunEvent::Result(bundle) => order.push_str(&bundle["text/plain"]),
            _ => {}
        }
    }
    assert_eq!(order, "a\n1b\n");
}

#[test]
fn a_reader_that_stops_reading_does_not_make_the_service_keep_everything() {
    let service = PythonService::start(&["--max-concurrent", "2"]);
    let mut request = run_request("print('started')\nfor _ in range(200): print('x' * 1_000_000)");
    request.max_output_bytes = 64 << 20;
    let mut slow = service.start_request(&unique("slow"), &request);
    // More than the line may have come with it: text that waits is joined.
    let begun = slow.wait_for_line();
    assert_eq!(service.run("print('hi')").stdout, "hi\n");
    let ran = slow.finish();
    let kept = (begun.len() + ran.stdout.len()) as u64;
    assert_eq!(
        kept + ran.finished.truncated.stdout_bytes,
        200 * 1_000_001 + "started\n".len() as u64
    );
}
