//! `GET /metrics`, read by Prometheus' own parser.

use serde::Deserialize;
use serde_json::json;

use crate::harness::{
    ModelServer, PYTHON_CODER, PythonService, Say, Server, client, run_request, until,
};

#[derive(Deserialize)]
struct Sample {
    name: String,
    labels: std::collections::BTreeMap<String, String>,
    value: f64,
}

/// What the parser finds, which has looked at the whole of it.
struct Samples(Vec<Sample>);

impl Samples {
    #[track_caller]
    fn of(address: &str, token: &str) -> Self {
        let url = format!("http://{address}/metrics");
        let environment = [("METRICS_URL", url.as_str()), ("TOKEN", token)];
        let said = client(&["tests/clients/metrics.py"], &environment).expect(0);
        Self(serde_json::from_str(&said.stdout).unwrap())
    }

    /// All samples of this name with these labels, together.
    #[track_caller]
    fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let has = |sample: &Sample| {
            labels
                .iter()
                .all(|(name, value)| sample.labels.get(*name).is_some_and(|found| found == value))
        };
        let found: Vec<_> = self
            .0
            .iter()
            .filter(|sample| sample.name == name && has(sample))
            .collect();
        assert!(!found.is_empty(), "no {name} with {labels:?}");
        found.iter().map(|sample| sample.value).sum()
    }

    fn executions(&self, mode: &str, outcome: &str) -> f64 {
        let labels = [("mode", mode), ("outcome", outcome)];
        self.sum("vivarium_executions_total", &labels)
    }
}

fn of(server: &Server) -> Samples {
    Samples::of(server.process().address(), "")
}

#[test]
fn they_count_what_was_run_and_never_fall() {
    let server = Server::with().start();
    let session = server.session_called("counted");
    session.run("print(1)").succeeded();
    session.run("print(2)").succeeded();
    session.run("1 / 0");
    session.tool("while True: pass").timeout(0.2).send();
    // Neither a mode, an outcome nor a label is of a caller's choosing.
    let hostile = "/x\"} 1%0avivarium_executions_total%7Bmode=\"evil";
    let headers = [("x-request-id", "a\"} 1")];
    server
        .http()
        .send("GET", &hostile.replace(' ', "%20"), &headers, "")
        .expect(404);
    let refused = json!({ "code": "1", "session_id": "a\"}\nb" }).to_string();
    server
        .http()
        .send("POST", PYTHON_CODER, &[], refused)
        .expect(400);

    let before = of(&server);
    assert_eq!(before.executions("native", "ok"), 2.0);
    assert_eq!(before.executions("native", "exception"), 1.0);
    assert_eq!(before.executions("native", "timeout"), 1.0);
    assert_eq!(before.sum("vivarium_executions_total", &[]), 4.0);
    let native = [("mode", "native")];
    assert_eq!(before.sum("vivarium_attempts_total", &native), 4.0);
    let (count, sum) = (
        "vivarium_execution_duration_seconds_count",
        "vivarium_execution_duration_seconds_sum",
    );
    assert_eq!(before.sum(count, &native), 4.0);
    assert!(before.sum(sum, &native) > 0.2);
    assert_eq!(before.sum("vivarium_executions_running", &[]), 0.0);

    assert_eq!(before.sum("vivarium_python_up", &[]), 1.0);
    for (outcome, runs) in [("ok", 2.0), ("exception", 1.0), ("timeout", 1.0)] {
        let labels = [("outcome", outcome)];
        assert_eq!(
            before.sum("vivarium_python_runs_total", &labels),
            runs,
            "{outcome}"
        );
    }
    for name in [
        "vivarium_python_run_duration_seconds_count",
        "vivarium_python_queue_wait_seconds_count",
        "vivarium_python_run_peak_memory_bytes_count",
    ] {
        assert_eq!(before.sum(name, &[]), 4.0, "{name}");
    }
    for name in ["runs_in_progress", "queue_length", "runs_turned_away_total"] {
        assert_eq!(
            before.sum(&format!("vivarium_python_{name}"), &[]),
            0.0,
            "{name}"
        );
    }
    for name in [
        "vivarium_python_max_concurrent_runs",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
    ] {
        assert!(before.sum(name, &[]) >= 1.0, "{name}");
    }

    server.http().delete("/api/sessions/counted").expect(204);
    assert_eq!(of(&server).sum("vivarium_executions_total", &[]), 4.0);
    let server = Server::with().start_in(server.kill());
    server.still_answers();
    let after = of(&server);
    assert_eq!(after.executions("native", "ok"), 3.0);
    assert_eq!(after.sum("vivarium_executions_total", &[]), 5.0);
    // The process is another.
    assert_eq!(after.sum("vivarium_python_runs_total", &[]), 1.0);
}

#[test]
fn they_count_attempts_and_tokens() {
    let model = ModelServer::replying([
        Say::done("print(missing)").tokens(400, 40),
        Say::done("print('hi')").tokens(600, 55),
    ]);
    let server = Server::asking(&model).start();
    server.run("print the word hi for me").succeeded();
    let samples = of(&server);
    assert_eq!(samples.executions("openinterpreter", "ok"), 1.0);
    let mode = [("mode", "openinterpreter")];
    assert_eq!(samples.sum("vivarium_attempts_total", &mode), 2.0);
    for (kind, tokens) in [("prompt", 1000.0), ("completion", 95.0)] {
        assert_eq!(
            samples.sum("vivarium_model_tokens_total", &[("kind", kind)]),
            tokens
        );
    }
}

#[test]
fn they_are_the_operators() {
    let server = Server::with()
        .variable("api_token", "of-the-operator")
        .variable("api_tokens", "acme:of-acme")
        .start();
    let http = server.http();
    http.get("/metrics").refused(401, "unauthorized");
    let refused = http
        .bearer("of-acme")
        .get("/metrics")
        .refused(403, "forbidden");
    assert!(refused.text().contains("api_token"), "\n{refused}");
    let reply = http.bearer("of-the-operator").get("/metrics").expect(200);
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(reply.header("content-type"), media_type);
    Samples::of(server.process().address(), "of-the-operator");
}

#[test]
fn without_the_python_service_they_say_so() {
    let server = Server::with()
        .variable("python_url", "http://127.0.0.1:9")
        .start();
    let samples = of(&server);
    assert_eq!(samples.sum("vivarium_python_up", &[]), 0.0);
    assert_eq!(samples.sum("vivarium_executions_running", &[]), 0.0);
    let python = samples
        .0
        .iter()
        .any(|sample| sample.name == "vivarium_python_runs_total");
    assert!(!python);
}

#[test]
fn the_python_service_has_its_own() {
    let service = PythonService::start(&["--max-concurrent", "1", "--max-queued", "0"]);
    let run = service.start_run("while True: pass");
    until("the program to run", || {
        (service.health().running == 1).then_some(())
    });
    let session = "/v1/sessions/turned-away/run";
    let request = serde_json::to_value(run_request("1")).unwrap();
    service.http().post_json(session, &request).expect(429);
    let address = service.process().address();
    let samples = Samples::of(address, "");
    assert_eq!(samples.sum("vivarium_python_runs_in_progress", &[]), 1.0);
    assert_eq!(samples.sum("vivarium_python_max_concurrent_runs", &[]), 1.0);
    assert_eq!(
        samples.sum("vivarium_python_runs_turned_away_total", &[]),
        1.0
    );
    drop(run);
}
