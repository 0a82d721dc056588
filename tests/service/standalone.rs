//! The same function with the python service on a port of its own, as beside a stock Spin host.

use std::fmt::Write as _;

use crate::harness::{PythonService, Server};

/// What a server answers to a few calls, without what differs from run to run.
fn answers(server: &Server) -> String {
    let session = server.session_called("same");
    let mut all = String::new();
    for code in [
        "print('hi')",
        "import pandas as pd\npd.DataFrame({'a': [1]})",
        "1 / 0",
        "import sys; sys.exit(3)",
    ] {
        let reply = session.run(code);
        let data = &reply.data;
        writeln!(
            all,
            "{code}: {:?} {:?} {:?} {}",
            data.stdout, data.results, reply.error, data.returncode
        )
        .unwrap();
    }
    let killed = session.tool("while True: pass").timeout(0.3).send();
    writeln!(all, "{:?} {:?}", killed.metadata.outcome, killed.data.limit).unwrap();
    session.put("files/a.txt", "uploaded").expect(201);
    writeln!(all, "{:?}", session.get("files/a.txt").expect(200).text()).unwrap();
    writeln!(all, "{}", session.get("files/../x").status()).unwrap();
    all
}

#[test]
fn a_service_on_a_port_is_indistinguishable_from_the_one_in_process() {
    let service = PythonService::start(&[]);
    let apart = Server::with().variable("python_url", service.url()).start();
    let together = Server::with().start();
    assert_eq!(answers(&apart), answers(&together));
    assert!(service.data().join("scratch/same/a.txt").is_file());
    assert!(!apart.data_file("scratch/same/a.txt").exists());
}

#[test]
fn a_hang_up_reaches_the_service_on_its_port() {
    let service = PythonService::start(&[]);
    let server = Server::with().variable("python_url", service.url()).start();
    let session = server.session_called("hung-up");
    let body = r#"{"code": "open('started', 'w')\nwhile True: pass", "session_id": "hung-up"}"#;
    let connection = server.process().send_raw(&format!(
        "POST /api/tools/python_coder HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    crate::harness::until("the program to start", || {
        (session.get("files/started").status() == 200).then_some(())
    });
    drop(connection);
    crate::harness::until("the run to stop", || {
        (service.health().running == 0).then_some(())
    });
}
