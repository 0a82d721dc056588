//! `python_coder_openinterpreter_offline` keeps the function's connections near, whatever a name says.

use serde_json::{Value, json};

use crate::harness::{PythonService, Server, until};

/// A server that looks for the python service at an address which leads here, but is not a near one.
fn server(service: &PythonService, offline: bool) -> Server {
    let url = service.url().replace("127.0.0.1", "0.0.0.0");
    Server::with()
        .variable("python_url", url)
        .variable("python_coder_openinterpreter_offline", offline)
        .start()
}

#[test]
fn an_address_that_is_not_near_is_not_connected_to() {
    let service = PythonService::start(&[]);
    let server = server(&service, true);
    let reply = server
        .http()
        .post_json("/api/tools/python_coder", &json!({"code": "print('hi')"}))
        .expect(502);
    let body: Value = reply.json();
    assert_eq!(body["metadata"]["code"], "python_unavailable", "\n{reply}");
    until("the log to say why", || {
        let log = server.process().log().text();
        (log.contains("0.0.0.0 is neither this machine's nor in a private network")
            && log.contains("{{ python_coder_openinterpreter_offline }}"))
        .then_some(())
    });
}

#[test]
fn without_the_setting_it_is() {
    let service = PythonService::start(&[]);
    server(&service, false).run("print('hi')").prints("hi\n");
}
