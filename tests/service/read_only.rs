//! A run that may look at a session's files and change none of them.

use api::python::{Outcome, RunRequest};

use crate::harness::{PythonService, run_request, unique, until};

fn read_only(code: &str) -> RunRequest {
    RunRequest {
        read_only: true,
        ..run_request(code)
    }
}

/// Every way to change something that a program could think of.
const TRIES: &str = r#"
import os, pathlib, shutil

def denied(change, *arguments):
    try:
        change(*arguments)
    except OSError:
        return "denied"
    return f"allowed: {arguments}"

print({
    denied(open, "new.txt", "w"),
    denied(open, "a.txt", "a"),
    denied(open, "a.txt", "r+"),
    denied(os.open, "a.txt", os.O_RDONLY | os.O_TRUNC),
    denied(os.open, "new.txt", os.O_RDONLY | os.O_CREAT),
    denied(os.truncate, "a.txt", 0),
    denied(os.remove, "a.txt"),
    denied(os.rename, "a.txt", "b.txt"),
    denied(os.link, "a.txt", "b.txt"),
    denied(os.symlink, "a.txt", "b.txt"),
    denied(os.mkdir, "folder"),
    denied(os.rmdir, "sub"),
    denied(shutil.rmtree, "sub"),
    denied(shutil.move, "/tmp", "tmp"),
    denied(os.utime, "a.txt", (0, 0)),
})
print(open("a.txt").read(), open("sub/c.txt").read(), sorted(os.listdir()))
open("/tmp/own.txt", "w").write("x")
"#;

#[test]
fn it_sees_the_sessions_files_and_changes_nothing() {
    let service = PythonService::start(&[]);
    let id = unique("read-only");
    let files = format!("/v1/sessions/{id}/files");
    for name in ["a.txt", "sub/c.txt"] {
        service
            .http()
            .put(&format!("{files}/{name}"), "x")
            .expect(201);
    }
    let before = service.http().get(&files).expect(200).text().to_owned();

    let ran = service.start_request(&id, &read_only(TRIES)).finish();
    assert_eq!(
        (ran.stdout.as_str(), ran.finished.outcome),
        ("{'denied'}\nx x ['a.txt', 'sub']\n", Outcome::Ok),
        "{ran:?}"
    );
    let seen: Vec<_> = ran.finished.files.iter().map(|file| &file.path).collect();
    assert_eq!(seen, ["a.txt", "sub/c.txt"], "{ran:?}");
    assert_eq!(service.http().get(&files).expect(200).text(), before);
    until("the run's own folder to be gone", || {
        let left = std::fs::read_dir(service.data().join("tmp")).unwrap();
        (left.count() == 0).then_some(())
    });
}

#[test]
fn it_makes_no_session() {
    let service = PythonService::shared();
    let path = format!("/v1/sessions/{}", unique("read-only"));
    let body = serde_json::to_value(read_only("print('hi')")).unwrap();
    service
        .http()
        .post_json(&format!("{path}/run"), &body)
        .refused(404, "not_found");
    service
        .http()
        .get(&format!("{path}/files"))
        .refused(404, "not_found");
}

#[test]
fn it_keeps_no_session_from_being_deleted() {
    let service = PythonService::shared();
    let id = unique("read-only");
    let session = format!("/v1/sessions/{id}");
    service
        .http()
        .put(&format!("{session}/files/a.txt"), "x")
        .expect(201);
    let request = read_only("print('on')\nimport time\ntime.sleep(1e9)");
    let mut run = service.start_request(&id, &request);
    run.wait_for_line();
    service.http().delete(&session).expect(204);
}
