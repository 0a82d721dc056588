//! `DELETE /api/sessions/{id}`.

use api::history::{Page, PromptLogEntry, Session};

use crate::harness::Server;

#[test]
fn a_deleted_session_is_gone_with_its_files_and_history() {
    let server = Server::with().start();
    let (doomed, kept) = (
        server.session_called("doomed"),
        server.session_called("kept"),
    );
    let execution = doomed.run("open('a.txt', 'w').write('x')").succeeded();
    kept.run("open('a.txt', 'w').write('x')").succeeded();
    doomed.delete("").expect(404);
    server.http().delete("/api/sessions/doomed").expect(204);

    server
        .http()
        .get("/api/sessions/doomed")
        .refused(404, "not_found");
    server
        .http()
        .get("/api/sessions/doomed/files/a.txt")
        .refused(404, "not_found");
    server
        .http()
        .get(&format!("/api/executions/{}", execution.execution_id()))
        .refused(404, "not_found");
    server
        .http()
        .delete("/api/sessions/doomed")
        .refused(404, "not_found");
    assert!(!doomed.folder().exists());

    let sessions: Page<Session> = server.http().get("/api/sessions").expect(200).json();
    assert_eq!(
        sessions
            .items
            .iter()
            .map(|session| session.session_id.as_str())
            .collect::<Vec<_>>(),
        ["kept"]
    );
    let log: Page<PromptLogEntry> = server.http().get("/api/logs/prompts").expect(200).json();
    assert!(
        log.items.iter().all(|entry| entry.session_id == "kept"),
        "{log:?}"
    );
    assert_eq!(kept.get("files/a.txt").expect(200).text(), "x");
}

#[test]
fn a_deleted_session_can_be_begun_anew() {
    let server = Server::shared();
    let session = server.session();
    session.run("open('a.txt', 'w')").succeeded();
    server
        .http()
        .delete(&format!("/api/sessions/{}", session.id()))
        .expect(204);
    let reply = session
        .run("import os; print([name for name in os.listdir() if name == 'a.txt'])")
        .prints("[]\n");
    assert_eq!(reply.files(), [""; 0]);
    let shown: Session = server
        .http()
        .get(&format!("/api/sessions/{}", session.id()))
        .expect(200)
        .json();
    assert_eq!(shown.executions, 1);
}

#[test]
fn a_session_at_work_is_not_deleted_under_its_program() {
    let server = Server::shared();
    let session = server.session();
    let reply = std::thread::scope(|scope| {
        let program = "import os, time\nopen('started', 'w')\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('went')";
        let running = scope.spawn(|| session.run(program));
        crate::harness::until("the program to start", || {
            (session.get("files/started").status() == 200).then_some(())
        });
        server
            .http()
            .delete(&format!("/api/sessions/{}", session.id()))
            .refused(409, "conflict");
        session.put("files/go", "").expect(201);
        running.join().unwrap()
    });
    reply.prints("went\n");
    server
        .http()
        .delete(&format!("/api/sessions/{}", session.id()))
        .expect(204);
}
