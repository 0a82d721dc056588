//! A scratch run: an empty workspace, and nothing of it in the session.

use api::python::Outcome;

use crate::harness::{PythonService, run_request, unique, until};

#[test]
fn it_sees_nothing_of_the_session_and_leaves_nothing_there() {
    let service = PythonService::start(&[]);
    let id = unique("scratch");
    let files = format!("/v1/sessions/{id}/files");
    service
        .http()
        .put(&format!("{files}/a.txt"), "x")
        .expect(201);
    let before = service.http().get(&files).expect(200).text().to_owned();

    let code = "import os\nprint(os.listdir())\nopen('b.txt', 'w').write('b')";
    let mut request = run_request(code);
    request.scratch = true;
    let ran = service.start_request(&id, &request).finish();
    assert_eq!(ran.stdout, "['script_test.py']\n", "{ran:?}");
    let held: Vec<_> = ran.finished.files.iter().map(|file| &file.path).collect();
    assert_eq!(held, ["b.txt", "script_test.py"], "{ran:?}");

    assert_eq!(service.http().get(&files).expect(200).text(), before);
    // The answer comes before the folders are cleared away.
    until("the scratch folder to be gone", || {
        let left = std::fs::read_dir(service.data().join("tmp")).unwrap();
        (left.count() == 0).then_some(())
    });
}

#[test]
fn it_makes_no_session_and_is_none_of_its_runs() {
    let service = PythonService::shared();
    let (id, other) = (unique("scratch"), unique("scratch"));
    let session = format!("/v1/sessions/{id}");
    let mut request = run_request("print('on')\nimport time\ntime.sleep(1e9)");
    request.scratch = true;
    let mut run = service.start_request(&id, &request);
    run.wait_for_line();
    service.http().delete(&session).refused(404, "not_found");
    let url = format!("{session}/files");
    service.http().get(&url).refused(404, "not_found");

    // Any other run keeps its session from being deleted.
    request.scratch = false;
    let mut run = service.start_request(&other, &request);
    run.wait_for_line();
    service
        .http()
        .delete(&format!("/v1/sessions/{other}"))
        .refused(409, "conflict");
}

#[test]
fn its_workspace_is_under_the_same_limits() {
    let mut request = run_request("open('big', 'wb').write(bytes(2 << 20))");
    request.scratch = true;
    request.workspace_max_bytes = 1 << 20;
    let ran = PythonService::shared()
        .start_request(&unique("scratch"), &request)
        .finish();
    assert_eq!(ran.finished.outcome, Outcome::Disk, "{ran:?}");
}
