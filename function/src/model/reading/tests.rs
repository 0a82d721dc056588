use super::*;

const STREAM: &str = "text/event-stream; charset=utf-8";
const HI: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"h\u{1f40d}i\"}}]}\n\n";
const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const USAGE: &str =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
const END: &str = "data: [DONE]\n\n";

fn read(kind: &str, body: &str, chunk_bytes: usize) -> (Reading, Result<(), Bad>) {
    let mut reading = Reading::default();
    reading.begin(kind);
    for chunk in body.as_bytes().chunks(chunk_bytes) {
        match reading.push(chunk) {
            Ok(true) => return (reading, Ok(())),
            Ok(false) => {}
            Err(bad) => return (reading, Err(bad)),
        }
    }
    let end = reading.end();
    (reading, end)
}

#[track_caller]
fn malformed(kind: &str, body: &str) -> String {
    match read(kind, body, 1000).1 {
        Err(Bad::Malformed(what)) => what,
        other => panic!("{other:?}\n{body}"),
    }
}

#[test]
fn a_stream_is_read_however_it_is_cut() {
    let body = format!(": hello\n\n{HI}{HI}{STOP}{USAGE}{END}");
    for size in 1..=body.len() {
        let (reading, end) = read(STREAM, &body, size);
        assert_eq!(end, Ok(()), "by {size}");
        let completion = reading.completion(&[]);
        assert_eq!(completion.text, "h\u{1f40d}ih\u{1f40d}i", "by {size}");
        assert_eq!(completion.tokens.total, 5, "by {size}");
        assert!(!completion.tokens.estimated, "by {size}");
    }
}

#[test]
fn a_stream_is_whole_with_a_reason_or_an_end() {
    let whole = [
        format!("{HI}{END}"),
        format!("{HI}{STOP}"),
        format!("{HI}{STOP}{USAGE}"),
        format!("{HI}data: [DONE]"),
        format!("{HI}{STOP}data: {{\"cho"),
        format!("{STOP}{END}"),
        format!("{HI}{STOP}{END}").replace("\n\n", "\n"),
        format!("{HI}{STOP}{END}").replace('\n', "\r\n"),
    ];
    for body in whole {
        let (reading, end) = read(STREAM, &body, 7);
        assert_eq!(end, Ok(()), "{body}");
        assert!(reading.is_whole(), "{body}");
    }
}

#[test]
fn a_stream_that_ends_too_early_broke_off_and_keeps_what_came() {
    for body in [
        HI.to_owned(),
        format!("{HI}data: {{\"cho"),
        format!("{HI}{USAGE}"),
    ] {
        let (reading, end) = read(STREAM, &body, 7);
        assert!(matches!(end, Err(Bad::BrokeOff(_))), "{end:?}\n{body}");
        assert_eq!(reading.text(), "h\u{1f40d}i", "{body}");
        assert!(!reading.is_whole());
    }
}

#[test]
fn an_error_in_a_stream_is_the_servers() {
    let body = format!("{HI}data: {{\"error\":{{\"message\":\"it crashed\"}}}}\n\n");
    let (reading, end) = read(STREAM, &body, 7);
    assert!(
        matches!(&end, Err(Bad::Said(said)) if said.message == "it crashed"),
        "{end:?}"
    );
    assert_eq!(reading.text(), "h\u{1f40d}i");
}

#[test]
fn one_answer_is_read_too() {
    let body = r#"{"choices":[{"message":{"content":"hi"}}]}"#;
    for kind in ["application/json", "", "text/plain"] {
        let (reading, end) = read(kind, body, 5);
        assert_eq!(end, Ok(()));
        assert_eq!(reading.completion(&[]).text, "hi");
    }
    let (_, end) = read("application/json", r#"{"error":"no"}"#, 5);
    assert!(matches!(end, Err(Bad::Said(_))), "{end:?}");
}

#[test]
fn what_is_no_reply_is_shown() {
    let cases = [
        (
            "text/html",
            "<html>\n<body>It works!",
            "no JSON: <html> <body>It works!",
        ),
        (
            "",
            "{\"choices\": [",
            "JSON that ends too early: {\"choices\": [",
        ),
        ("", "[1, 2]", "JSON that is no object: [1,2]"),
        ("", "{}", "no reply in `choices`: {}"),
        ("", "", "an empty answer"),
        ("", " \n", "an empty answer"),
        (STREAM, "", "an empty answer"),
        (STREAM, "data: hello\n\n", "a chunk that is no JSON: hello"),
        (
            STREAM,
            "data: [DONE]\n\n",
            "no reply in `choices`: data: [DONE]",
        ),
        (STREAM, "<html>", "no reply in `choices`: <html>"),
    ];
    for (kind, body, expected) in cases {
        assert_eq!(malformed(kind, body), expected, "{body}");
    }
    let long = malformed("", &"é".repeat(5000));
    assert_eq!(long, format!("no JSON: {}…", "é".repeat(200)));
}

#[test]
fn what_does_not_end_is_given_up() {
    let long = "x".repeat(MAX_REPLY_BYTES);
    assert!(malformed("", &format!("{long}x")).starts_with("an answer of more than 4 MiB: xxx"));
    assert!(malformed("", &long).starts_with("no JSON"));
    let endless = malformed(STREAM, &format!("data: {long}x"));
    assert!(
        endless.starts_with("a stream that does not end: data: xxx"),
        "{endless}"
    );
}
