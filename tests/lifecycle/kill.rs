//! `kill -9` at any moment loses no finished execution and no file.

use api::history::{Execution, ExecutionSummary, Page, Status};

use crate::harness::{Server, until};

#[test]
fn finished_executions_and_files_survive_and_the_running_one_was_interrupted() {
    let server = Server::with().start();
    let session = server.session_called("survivor");
    let finished = session
        .run("print('kept')\nopen('kept.txt', 'w').write('kept')")
        .succeeded();
    let finished = finished.execution_id().to_owned();

    let body = r#"{"code": "open('started.txt', 'w').write('half')\nwhile True: pass", "session_id": "survivor"}"#;
    let connection = server.process().send_raw(&format!(
        "POST /api/tools/python_coder HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    until("the program to start", || {
        (session.get("files/started.txt").status() == 200).then_some(())
    });
    assert_eq!(statuses(&server), [Status::Running, Status::Succeeded]);
    let data = server.kill();
    drop(connection);

    let server = Server::with().start_in(data);
    let session = server.session_called("survivor");
    assert_eq!(statuses(&server), [Status::Interrupted, Status::Succeeded]);
    let execution: Execution = server
        .http()
        .get(&format!("/api/executions/{finished}"))
        .expect(200)
        .json();
    assert_eq!(execution.attempt_list[0].stdout, "kept\n");
    assert_eq!(session.get("files/kept.txt").expect(200).text(), "kept");
    let log = server.http().get("/api/logs/prompts.log").expect(200);
    assert!(log.text().contains("kept"), "\n{log}");
    session
        .run("print(open('kept.txt').read())")
        .prints("kept\n");
    assert_eq!(
        statuses(&server),
        [Status::Succeeded, Status::Interrupted, Status::Succeeded]
    );
}

#[test]
fn killed_under_load_it_comes_back_with_all_it_answered() {
    let server = Server::with().start();
    let answered: Vec<String> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let server = &server;
                scope.spawn(move || {
                    let session = server.session_called(&format!("client-{client}"));
                    (0..5)
                        .map(|_| {
                            session
                                .run("print('hi')")
                                .prints("hi\n")
                                .execution_id()
                                .to_owned()
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    });
    let server = Server::with().start_in(server.kill());
    for execution_id in answered {
        let execution: Execution = server
            .http()
            .get(&format!("/api/executions/{execution_id}"))
            .expect(200)
            .json();
        assert_eq!(execution.summary.status, Status::Succeeded, "{execution:?}");
    }
}

fn statuses(server: &Server) -> Vec<Status> {
    let page: Page<ExecutionSummary> = server
        .http()
        .get("/api/sessions/survivor/executions")
        .expect(200)
        .json();
    page.items
        .into_iter()
        .map(|execution| execution.status)
        .collect()
}
