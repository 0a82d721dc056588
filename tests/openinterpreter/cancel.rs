//! A client that hangs up ends what is done for it: the model is no longer asked, the program no longer runs.

use api::history::{ExecutionSummary, Page, Status};

use super::{INSTRUCTION, execution, scripted};
use crate::harness::{Say, Server, until};

/// A call in the session `hung-up` whose answer nobody has read yet.
fn call(server: &Server, code: &str) -> std::net::TcpStream {
    let body = serde_json::json!({ "code": code, "session_id": "hung-up" }).to_string();
    server.process().send_raw(&format!(
        "POST /api/tools/python_coder HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// The id of the one execution once it has this status.
#[track_caller]
fn ends_as(server: &Server, wanted: Status) -> String {
    let path = "/api/sessions/hung-up/executions";
    let (execution, _) = until("the history to know", || {
        let page: Page<ExecutionSummary> = server.http().get(path).expect(200).json();
        let execution = page.items.into_iter().next()?;
        (execution.status != Status::Running).then_some(execution)
    });
    assert_eq!(execution.status, wanted, "{execution:#?}");
    execution.execution_id
}

/// Names how slow a model is, and makes a test of each.
macro_rules! hangs_up_during {
    ($($name:ident: $say:expr;)*) => {
        $(
            #[test]
            fn $name() {
                let (model, server) = scripted([$say, Say::done("open('ran', 'w')")]);
                let connection = call(&server, INSTRUCTION);
                model.wait_for_requests(1);
                drop(connection);
                model.wait_for_hang_up();
                ends_as(&server, Status::Cancelled);
                model.was_asked(1);
                server.still_answers();
            }
        )*
    };
}

hangs_up_during! {
    a_model_that_says_nothing: Say::done("open('ran', 'w')").never();
    a_model_in_the_middle_of_a_stream: Say::done("open('ran', 'w')").stalls();
    a_model_in_the_middle_of_a_body: Say::done("open('ran', 'w')").whole().stalls();
}

#[test]
fn what_ran_before_is_kept() {
    let (model, server) = scripted([Say::done("print('hi')").never()]);
    let connection = call(&server, "print('before')\nmissing");
    model.wait_for_requests(1);
    drop(connection);
    model.wait_for_hang_up();
    let execution = execution(&server, &ends_as(&server, Status::Cancelled));
    assert_eq!(
        execution.attempt_list[0].stdout, "before\n",
        "{execution:#?}"
    );
}

#[test]
fn a_program_of_the_model_stops_too() {
    let (model, server) = scripted([Say::done("open('started', 'w')\nwhile True: pass")]);
    let connection = call(&server, INSTRUCTION);
    model.wait_for_requests(1);
    let session = server.session_called("hung-up");
    until("the program to start", || {
        (session.get("files/started").status() == 200).then_some(())
    });
    drop(connection);
    let config = || -> api::config::Config { server.http().get("/api/config").expect(200).json() };
    until("the run to stop", || {
        (config().python?.running == 0).then_some(())
    });
    ends_as(&server, Status::Cancelled);
    model.was_asked(1);
}

#[test]
fn a_server_that_is_killed_leaves_it_interrupted() {
    let (model, server) = scripted([Say::done("print('hi')").never()]);
    let connection = call(&server, INSTRUCTION);
    model.wait_for_requests(1);
    let data = server.kill();
    drop(connection);
    model.wait_for_hang_up();
    let server = Server::asking(&model).start_in(data);
    ends_as(&server, Status::Interrupted);
}
