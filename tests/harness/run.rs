//! A run of the python service, event by event.

use std::io::{BufRead as _, BufReader};

use api::python::{Finished, MimeBundle, NDJSON, RunEvent, RunRequest};

use super::http::Http;

/// A program with limits that no test hits by accident.
pub(crate) fn run_request(code: &str) -> RunRequest {
    RunRequest {
        code: code.to_owned(),
        script_name: "script_test.py".to_owned(),
        stdin: String::new(),
        timeout_ms: 60_000,
        memory_bytes: 1 << 30,
        max_output_bytes: 1 << 20,
        workspace_max_bytes: 256 << 20,
        workspace_max_files: 10_000,
        scratch: false,
        read_only: false,
    }
}

/// A run under way. Dropping it closes the connection.
pub(crate) struct Run {
    events: BufReader<ureq::BodyReader<'static>>,
    session_id: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn start(http: &Http, session_id: &str, request: &RunRequest) -> Self {
        let body = serde_json::to_vec(request).expect("it is plain data");
        let path = format!("/v1/sessions/{session_id}/run");
        let response = http.open(
            "POST",
            &path,
            &[("content-type", "application/json")],
            &body,
        );
        assert_eq!(response.status(), 200, "{response:?}");
        assert_eq!(response.headers()["content-type"], NDJSON, "{response:?}");
        Self {
            events: BufReader::new(response.into_body().into_reader()),
            session_id: session_id.to_owned(),
        }
    }

    pub(crate) fn session_id(&self) -> &str {
        &self.session_id
    }

    /// The next event, or `None` after the last.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Option<RunEvent> {
        let mut line = String::new();
        let length = self
            .events
            .read_line(&mut line)
            .unwrap_or_else(|error| panic!("the stream broke off: {error}"));
        (length > 0).then(|| {
            serde_json::from_str(&line)
                .unwrap_or_else(|error| panic!("not an event: {error}: {line}"))
        })
    }

    /// Reads on until the program has written a line to standard output; gives that and what came with it.
    #[track_caller]
    pub(crate) fn wait_for_line(&mut self) -> String {
        let mut text = String::new();
        while !text.contains('\n') {
            match self.next() {
                Some(RunEvent::Started) => {}
                Some(RunEvent::Stdout { text: more }) => text.push_str(&more),
                other => panic!("a line was expected, not {other:?}"),
            }
        }
        text
    }

    /// Reads on to the end.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Ran {
        let (mut stdout, mut stderr, mut results) = (String::new(), String::new(), Vec::new());
        loop {
            match self.next() {
                Some(RunEvent::Started) => {}
                Some(RunEvent::Stdout { text }) => stdout.push_str(&text),
                Some(RunEvent::Stderr { text }) => stderr.push_str(&text),
                Some(RunEvent::Result(bundle)) => results.push(bundle),
                Some(RunEvent::Finished(finished)) => {
                    assert!(self.next().is_none(), "`finished` is not the last event");
                    return Ran {
                        stdout,
                        stderr,
                        results,
                        finished,
                    };
                }
                None => panic!("there was no `finished`; until then it printed:\n{stdout}{stderr}"),
            }
        }
    }
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) results: Vec<MimeBundle>,
    pub(crate) finished: Finished,
}
