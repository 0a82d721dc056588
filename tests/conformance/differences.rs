//! Everything that the two services do differently.

use std::io::Read as _;
use std::time::{Duration, Instant};

use api::python::{Outcome, RunRequest};
use jiff::Timestamp;

use super::both;
use crate::harness::{PythonService, Which, run_request, unique, until};

fn component() -> &'static PythonService {
    PythonService::start_which(Which::Component)
}

/// The component ends a program itself where that calls functions of the interpreter's, and nearly all do. It says that
/// its caller must see to the others, and the function does; the instance goes with its caller.
#[test]
fn who_ends_a_program_that_only_computes() {
    let request = |code: &str| RunRequest {
        timeout_ms: 300,
        ..run_request(code)
    };
    let (native, component) = both(|service| {
        let loops = request("while True: pass");
        let ran = service.start_request(&unique("loop"), &loops).finish();
        let path = format!("/v1/sessions/{}/run", unique("loop"));
        let multiply = request("import numpy as np; a = np.ones((8000, 8000)); a @ a");
        let body = serde_json::to_vec(&multiply).unwrap();
        let json = [("content-type", "application/json")];
        let answer = service.http().open("POST", &path, &json, &body);
        let deadline = answer.headers().get("vivarium-deadline").cloned();
        drop(answer);
        let begun = Instant::now();
        service.run("print('next')");
        assert!(begun.elapsed() < Duration::from_secs(10));
        (
            ran.finished.outcome,
            deadline.map(|value| value.as_bytes().to_vec()),
        )
    });
    assert_eq!(native, (Outcome::Timeout, None));
    assert_eq!(component, (Outcome::Timeout, Some(b"caller".to_vec())));
}

/// An interpreter that comes down takes the whole instance with it: the events end without `finished`.
#[test]
fn what_is_told_of_a_crash() {
    let ran = PythonService::start_which(Which::Native).run(CRASH);
    assert_eq!(ran.finished.outcome, Outcome::Crashed, "{ran:?}");

    broken_off(CRASH);
    component().run("print('next')");
}

/// Bytecode that reads a constant a gigabyte on, where no memory is.
const CRASH: &str = "import dis
code = (lambda: 0).__code__
far = [dis.opmap['EXTENDED_ARG'], 16, dis.opmap['EXTENDED_ARG'], 0, dis.opmap['EXTENDED_ARG'], 0]
load = [dis.opmap['LOAD_CONST'], 0, dis.opmap['RETURN_VALUE'], 0]
exec(code.replace(co_code=bytes([dis.opmap['RESUME'], 0, 0, 0, *far, *load])))";

/// Memory that Python itself can't do without: natively its own outcome, as a component a crash.
#[test]
fn what_is_told_of_memory_that_python_can_not_do_without() {
    let code = "import sys; sys.setrecursionlimit(2**31 - 1)\ndef f(): return f()\nf()";
    let ran = PythonService::start_which(Which::Native).run(code);
    assert_eq!(ran.finished.outcome, Outcome::Memory, "{ran:?}");
    broken_off(code);
}

/// Asserts that the component begins to tell of a program, and never of its end. That the body broke off, not every
/// client says.
#[track_caller]
fn broken_off(code: &str) {
    let path = format!("/v1/sessions/{}/run", unique("broken-off"));
    let body = serde_json::to_vec(&run_request(code)).unwrap();
    let json = [("content-type", "application/json")];
    let answer = component().http().open("POST", &path, &json, &body);
    let mut events = String::new();
    _ = answer.into_body().into_reader().read_to_string(&mut events);
    assert!(
        events.contains("started") && !events.contains("finished"),
        "{events}"
    );
}

/// The component's instances know nothing of each other: it has no queue, no start and no metrics. The host has.
#[test]
fn what_is_known_of_the_service_as_a_whole() {
    let (native, component) = both(|service| {
        let metrics = service.http().get("/metrics").expect(200);
        (service.health(), metrics.text().is_empty())
    });
    assert!(native.0.started_at > Timestamp::UNIX_EPOCH && native.0.max_concurrent > 0);
    assert_eq!(component.0.started_at, Timestamp::UNIX_EPOCH);
    assert_eq!(component.0.max_concurrent, 0);
    assert_eq!((native.1, component.1), (false, true));
    assert_eq!(native.0.image.packages, component.0.image.packages);
}

/// A run sees the files that were there when it began, and others see what it wrote when it ends, or a second after it
/// closed a file, whatever it does meanwhile.
#[test]
fn when_a_run_sees_what_another_writes() {
    for meanwhile in ["time.sleep(3)", "while time.time() < begun + 3: pass"] {
        let session = unique("see");
        let service = component();
        let code = format!(
            "import os, time\nbegun = time.time()\nopen('mine', 'w').write('x')\nprint('written')\n\
             {meanwhile}\nprint(os.path.exists('theirs'))\ntime.sleep(60)"
        );
        let mut run = service.start_request(&session, &run_request(&code));
        run.wait_for_line();
        let theirs = format!("/v1/sessions/{session}/files/theirs");
        service.http().put(&theirs, "y").expect(201);
        let mine = format!("/v1/sessions/{session}/files/mine");
        until("the file", || {
            (service.http().get(&mine).status() == 200).then_some(())
        });
        assert_eq!(run.wait_for_line(), "False\n", "{meanwhile}");
        drop(run);
        assert_eq!(service.http().get(&theirs).expect(200).text(), "y");
    }
}

/// A session can be deleted while a program runs in it, which then leaves nothing.
#[test]
fn a_session_that_is_deleted_while_a_program_runs() {
    let session = unique("deleted");
    let path = format!("/v1/sessions/{session}");
    let (native, component) = both(|service| {
        let file = format!("{path}/files/a");
        service.http().put(&file, "x").expect(201);
        let code = "import time\nprint('runs')\ntime.sleep(1)\nopen('b', 'w').write('x')";
        let mut run = service.start_request(&session, &run_request(code));
        run.wait_for_line();
        let status = service.http().delete(&path).status();
        let ran = run.finish();
        assert_eq!(ran.finished.outcome, Outcome::Ok, "{ran:?}");
        (
            status,
            service.http().get(&format!("{path}/files")).status(),
        )
    });
    assert_eq!((native, component), ((409, 200), (204, 404)));
}
