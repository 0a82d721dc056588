//! Lists hold what is asked for.

use api::history::{ExecutionSummary, Page, PromptLogEntry, Session, Status};
use api::tool::Mode;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::harness::history::{Past, record};
use crate::harness::{ModelServer, Say, Server};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Five executions in three sessions, an hour apart, with their code as names.
fn server() -> Server {
    let data = TempDir::new().unwrap();
    let at = |hour: u32| time(&format!("2026-01-05T{hour:02}:00:00.500Z"));
    record(
        data.path(),
        &[
            Past::of("apples", at(8), "first"),
            Past::of("pears", at(9), "second = '50%_off'").by(Mode::OpenInterpreter),
            Past::of("apples", at(10), "third")
                .standing(Status::Failed, "ValueError: Größe 'x' is not known"),
            Past::of("plums", at(11), "fourth").standing(Status::Cancelled, "the caller hung up"),
            Past::of("pears", at(12), "fifth = r'C:\\x'"),
        ],
    );
    Server::with().start_in(data)
}

/// The first words of what `/api/{list}?{query}` has.
fn listed<T: DeserializeOwned>(
    server: &Server,
    list: &str,
    query: &str,
    word: impl Fn(&T) -> String,
) -> Vec<String> {
    let reply = server.http().get(&format!("/api/{list}?{query}"));
    let page: Page<T> = reply.expect(200).json();
    let first = |word: String| word.split(' ').next().unwrap_or_default().to_owned();
    page.items.iter().map(word).map(first).collect()
}

fn executions(server: &Server, query: &str) -> Vec<String> {
    listed(server, "executions", query, |item: &ExecutionSummary| {
        item.preview.clone()
    })
}

fn sessions(server: &Server, query: &str) -> Vec<String> {
    listed(server, "sessions", query, |item: &Session| {
        item.session_id.clone()
    })
}

#[test]
fn executions_are_listed_by_what_they_are() {
    let server = server();
    for (query, expected) in [
        ("", &["fifth", "fourth", "third", "second", "first"][..]),
        ("session_id=pears", &["fifth", "second"]),
        ("mode=openinterpreter", &["second"]),
        ("mode=native&session_id=pears", &["fifth"]),
        ("status=succeeded", &["fifth", "second", "first"]),
        ("status=cancelled", &["fourth"]),
        ("status=running", &[]),
        ("since=2026-01-05T11:00:00.5Z", &["fifth", "fourth"]),
        ("since=2026-01-05T11:00:00.501Z", &["fifth"]),
        ("until=2026-01-05T09:00:00.5Z", &["first"]),
        ("until=2026-01-05T09:00:00.501Z", &["second", "first"]),
        (
            "since=2026-01-05T10:00:00%2B01:00&until=2026-01-05T10:00:00Z",
            &["second"],
        ),
        ("since=2300-01-01T00:00:00Z", &[]),
        ("until=1960-01-01T00:00:00Z", &[]),
        (
            "q=&session_id=&mode=&status=cancelled&since=&until=",
            &["fourth"],
        ),
    ] {
        assert_eq!(executions(&server, query), expected, "{query}");
    }
}

#[test]
fn a_text_is_looked_for_as_it_is_written_whatever_its_case() {
    let server = server();
    for (query, expected) in [
        ("q=FOURTH", &["fourth"][..]),
        ("q=plu", &["fourth"]),
        ("q=valueerror", &["third"]),
        ("q=gr%C3%B6%C3%9Fe", &["third"]),
        ("q=50%25_off", &["second"]),
        ("q=5%25off", &[]),
        ("q=50__off", &[]),
        ("q=C:%5Cx", &["fifth"]),
        ("q='x'", &["third"]),
        ("q=ir&status=failed", &["third"]),
        ("q=nowhere", &[]),
    ] {
        assert_eq!(executions(&server, query), expected, "{query}");
    }
    let all: Page<ExecutionSummary> = server.http().get("/api/executions").expect(200).json();
    let id = all.items[1].execution_id.to_uppercase();
    assert_eq!(executions(&server, &format!("q={id}")), ["fourth"]);
}

#[test]
fn sessions_are_listed_by_their_latest_execution_and_found_by_any() {
    let server = server();
    for (query, expected) in [
        ("", &["pears", "plums", "apples"][..]),
        ("status=failed", &["apples"]),
        ("status=succeeded", &["pears"]),
        ("mode=openinterpreter", &[]),
        ("since=2026-01-05T11:00:00Z", &["pears", "plums"]),
        ("until=2026-01-05T12:00:00Z", &["plums", "apples"]),
        ("session_id=plums", &["plums"]),
        ("q=FIRST", &["apples"]),
        ("q=second", &["pears"]),
        ("q=pl", &["plums", "apples"]),
        ("q=hung+up", &["plums"]),
        ("q=a&mode=native&status=failed", &["apples"]),
    ] {
        assert_eq!(sessions(&server, query), expected, "{query}");
    }
}

#[test]
fn a_session_without_executions_is_found_by_its_name_alone() {
    let server = server();
    server
        .session_called("only-files")
        .put("files/a.txt", "x")
        .expect(201);
    assert_eq!(sessions(&server, "q=ONLY"), ["only-files"]);
    let newest = sessions(&server, "since=2026-01-06T00:00:00Z");
    assert_eq!(newest, ["only-files"]);
    assert_eq!(sessions(&server, "q=only&mode=native"), [""; 0]);
}

#[test]
fn pages_of_what_was_asked_for_join() {
    let server = server();
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/executions?status=succeeded&q=i&limit=1{cursor}");
        let page: Page<ExecutionSummary> = server.http().get(&path).expect(200).json();
        found.extend(page.items.into_iter().map(|item| item.preview));
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, ["fifth = r'C:\\x'", "first"]);
}

#[test]
fn the_prompt_log_is_filtered_too() {
    let server = server();
    let blocks = |query: &str| {
        listed(&server, "logs/prompts", query, |item: &PromptLogEntry| {
            item.session_id.clone()
        })
    };
    assert_eq!(blocks("status=failed"), ["apples"]);
    assert_eq!(blocks("q=fi&session_id=apples"), ["apples"]);
    let text = server.http().get("/api/logs/prompts.log?session_id=plums");
    let text = text.expect(200);
    assert_eq!(text.text().matches("TOOL EXECUTION").count(), 1, "{text}");
    assert!(text.text().contains("Session ID: plums"), "{text}");
}

#[test]
fn the_prompt_log_is_searched_for_what_a_model_was_told_and_said() {
    let model = ModelServer::replying([Say::done("print(\"a needle\")")]);
    let server = Server::asking(&model).start();
    server
        .session_called("hay")
        .run("print the word hi for me")
        .succeeded();
    let found = |query: &str| {
        listed(&server, "logs/prompts", query, |item: &PromptLogEntry| {
            item.session_id.clone()
        })
    };
    // The quotes are not as the database has them.
    assert_eq!(found("q=print(%22A+Needle%22)"), ["hay"]);
    assert_eq!(found("q=FOR+ME"), ["hay"]);
    // Words that are around the text in the database, and not in it.
    assert_eq!(found("q=%22reply%22:"), [""; 0]);
    assert_eq!(found("q=started_at"), [""; 0]);
    assert_eq!(executions(&server, "q=needle"), [""; 0]);
}

#[test]
fn the_log_is_kept_as_a_file_only_where_that_is_asked_for() {
    let http = Server::shared().http();
    let disposition = |query: &str| {
        let reply = http.get(&format!("/api/logs/prompts.log?limit=1{query}"));
        reply.expect(200).header("content-disposition").to_owned()
    };
    assert_eq!(disposition(""), "");
    assert_eq!(disposition("&download=false"), "");
    assert_eq!(
        disposition("&download=true"),
        "attachment; filename=\"prompts.log\""
    );
    http.get("/api/logs/prompts.log?download=maybe")
        .refused(400, "bad_request");
}

#[test]
fn what_can_not_be_asked_for_is_refused_with_what_can() {
    let http = Server::shared().http();
    for list in ["sessions", "executions", "logs/prompts", "logs/prompts.log"] {
        for (query, says) in [
            ("mode=python", "native, openinterpreter"),
            ("status=done", "running, succeeded, failed"),
            ("since=yesterday", "2026-01-31T12:00:00Z"),
            ("until=2026-01-31", "2026-01-31T12:00:00Z"),
            ("session_id=..", "invalid session_id"),
            ("q=%00", "invalid q"),
        ] {
            let reply = http.get(&format!("/api/{list}?{query}"));
            let reply = reply.refused(400, "bad_request");
            assert!(reply.text().contains(says), "\n{reply}");
        }
    }
}
