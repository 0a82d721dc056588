//! A python service that accepts a run and then goes silent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use api::history::{Execution, Status};

use crate::harness::Server;

/// What the function gives a service beyond a run's own time.
const GRACE: Duration = Duration::from_secs(15);

#[test]
fn it_is_given_up_and_what_had_come_is_kept() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (gone_sender, gone) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let gone = gone_sender.clone();
            std::thread::spawn(move || serve(stream.unwrap(), &gone));
        }
    });
    let server = Server::with().variable("python_url", url).start();
    let start = Instant::now();
    let reply = server.tool("print('partial')").timeout(0.5).send();
    let took = start.elapsed();

    assert!(!reply.success, "\n{reply}");
    assert_eq!(
        reply.value()["metadata"]["code"],
        "python_unavailable",
        "\n{reply}"
    );
    assert!(
        reply
            .error
            .as_ref()
            .is_some_and(|error| error.contains("went silent")),
        "\n{reply}"
    );
    assert_eq!(reply.data.stdout, "partial\n", "\n{reply}");
    assert!(
        took >= GRACE && took < GRACE + Duration::from_secs(10),
        "{took:?}"
    );
    gone.recv_timeout(Duration::from_secs(10))
        .expect("the run's connection is closed");
    let execution: Execution = server
        .http()
        .get(&format!("/api/executions/{}", reply.execution_id()))
        .expect(200)
        .json();
    assert_eq!(execution.summary.status, Status::Failed);
    assert_eq!(execution.attempt_list[0].stdout, "partial\n");
}

/// Accepts a run, lets it begin and print, and is never heard of again; anything else it refuses.
fn serve(mut stream: TcpStream, gone: &mpsc::Sender<()>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or_default() == 0 {
            return;
        }
    }
    if !head.starts_with("POST ") {
        let _ = stream.write_all(
            b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        );
        return;
    }
    let events = "{\"event\":\"started\"}\n{\"event\":\"stdout\",\"text\":\"partial\\n\"}\n";
    let response = format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{events}\r\n",
        events.len()
    );
    stream.write_all(response.as_bytes()).unwrap();
    // The request's body, and then nothing until the function hangs up.
    let _ = reader.read_to_end(&mut Vec::new());
    let _ = gone.send(());
}
