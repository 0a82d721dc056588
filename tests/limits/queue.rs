//! Runs at once: a bounded queue, and past it 429.

use crate::harness::{PythonService, Server, run_request, unique, until};

#[test]
fn past_the_queue_a_call_is_answered_429_with_retry_after() {
    let server = Server::with()
        .arguments(&["--max-concurrent", "1", "--max-queued", "1"])
        .start();
    let session = server.session();
    let wait = "import os, time\nopen('started', 'w')\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('went')";
    std::thread::scope(|scope| {
        let running = scope.spawn(|| session.run(wait));
        until("the first to run", || {
            (session.get("files/started").status() == 200).then_some(())
        });
        let queued = scope.spawn(|| session.run("print('queued')"));
        let health =
            || -> api::config::Config { server.http().get("/api/config").expect(200).json() };
        until("the second to queue", || {
            (health().python?.queued == 1).then_some(())
        });

        let refused = server.tool("print('too many')").reply().expect(429);
        assert!(
            refused
                .header("retry-after")
                .parse::<u64>()
                .is_ok_and(|seconds| seconds > 0),
            "\n{refused}"
        );
        assert_eq!(
            refused.json::<serde_json::Value>()["metadata"]["code"],
            "busy",
            "\n{refused}"
        );

        session.put("files/go", "").expect(201);
        running.join().unwrap().prints("went\n");
        queued.join().unwrap().prints("queued\n");
    });
    server.still_answers();
}

#[test]
fn waiting_in_the_queue_does_not_use_up_a_programs_time() {
    let service = PythonService::start(&["--max-concurrent", "1"]);
    let mut first = service.start_run("print('started', flush=True)\nimport time\ntime.sleep(1)");
    first.wait_for_line();
    let mut request = run_request("print('hi')");
    request.timeout_ms = 500;
    let second = service.start_request(&unique("queue"), &request).finish();
    assert_eq!(second.stdout, "hi\n", "{second:?}");
}

#[test]
fn as_many_run_at_once_as_may() {
    let service = PythonService::start(&["--max-concurrent", "2"]);
    let hold = "print('started', flush=True)\nimport time\ntime.sleep(1e9)";
    let (mut one, mut two) = (service.start_run(hold), service.start_run(hold));
    one.wait_for_line();
    two.wait_for_line();
    let health = service.health();
    assert_eq!(
        (health.max_concurrent, health.running, health.queued),
        (2, 2, 0),
        "{health:?}"
    );
}
