//! Downloads: what a browser may do with a file that nobody trusts, and how a client asks for parts.

use crate::harness::{Reply, Server, Session};

const CONTENT: &str = "0123456789";

fn with_file(name: &str) -> Session<'static> {
    let session = Server::shared().session();
    session.put(&format!("files/{name}"), CONTENT).expect(201);
    session
}

fn get_with(session: &Session<'_>, name: &str, headers: &[(&str, &str)]) -> Reply {
    Server::shared().http().send(
        "GET",
        &session.route(&format!("files/{name}")),
        headers,
        b"",
    )
}

#[test]
fn the_type_is_judged_by_the_name_and_only_harmless_types_are_shown() {
    for (name, content_type, disposition) in [
        ("a.txt", "text/plain; charset=utf-8", "inline"),
        ("a.csv", "text/csv; charset=utf-8", "inline"),
        ("a.png", "image/png", "inline"),
        ("a.json", "application/json", "inline"),
        ("a.html", "text/html; charset=utf-8", "attachment"),
        ("a.svg", "image/svg+xml", "attachment"),
        ("a.xhtml", "application/xhtml+xml", "attachment"),
        ("a.js", "text/javascript; charset=utf-8", "attachment"),
        (
            "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment",
        ),
        ("a", "application/octet-stream", "attachment"),
        ("a.unheard-of", "application/octet-stream", "attachment"),
    ] {
        let reply = with_file(name).get(&format!("files/{name}")).expect(200);
        assert_eq!(
            reply.header("content-type"),
            content_type,
            "{name}\n{reply}"
        );
        let expected = format!("{disposition}; filename=\"{name}\"; filename*=UTF-8''{name}");
        assert_eq!(
            reply.header("content-disposition"),
            expected,
            "{name}\n{reply}"
        );
    }
}

#[test]
fn no_browser_may_sniff_or_run_it() {
    for name in ["page.html", "plain.txt"] {
        let reply = with_file(name).get(&format!("files/{name}")).expect(200);
        assert_eq!(
            reply.header("x-content-type-options"),
            "nosniff",
            "\n{reply}"
        );
        let policy = reply.header("content-security-policy");
        assert!(
            policy.starts_with("sandbox;") && policy.contains("default-src 'none'"),
            "\n{reply}"
        );
    }
}

#[test]
fn a_name_cannot_break_out_of_its_header() {
    let session = with_file("a%22%3B%20b%0D%0Ax%3Ay.txt");
    let reply = session.get("files/a%22%3B%20b%0D%0Ax%3Ay.txt").expect(200);
    assert_eq!(reply.header("x"), "", "\n{reply}");
    assert!(
        reply
            .header("content-disposition")
            .ends_with("filename*=UTF-8''a%22%3B%20b%0D%0Ax%3Ay.txt"),
        "\n{reply}"
    );
}

#[test]
fn a_range_is_served() {
    let session = with_file("a.txt");
    for (range, content, content_range) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=8-1000", "89", "bytes 8-9/10"),
    ] {
        let reply = get_with(&session, "a.txt", &[("range", range)]).expect(206);
        assert_eq!(
            (reply.text(), reply.header("content-range")),
            (content, content_range),
            "{range}\n{reply}"
        );
        assert_eq!(
            reply.header("content-length"),
            content.len().to_string(),
            "{range}\n{reply}"
        );
    }
}

#[test]
fn a_range_outside_the_file_is_refused() {
    let session = with_file("a.txt");
    let reply = get_with(&session, "a.txt", &[("range", "bytes=10-")])
        .refused(416, "range_not_satisfiable");
    assert_eq!(reply.header("content-range"), "bytes */10", "\n{reply}");
}

#[test]
fn a_range_that_makes_no_sense_is_ignored() {
    let session = with_file("a.txt");
    for range in ["bytes=5-2", "lines=1-2", "bytes=x", "bytes=0-1,4-5"] {
        assert_eq!(
            get_with(&session, "a.txt", &[("range", range)])
                .expect(200)
                .text(),
            CONTENT,
            "{range}"
        );
    }
}

#[test]
fn an_etag_saves_a_download_until_the_file_changes() {
    let session = with_file("a.txt");
    let etag = session
        .get("files/a.txt")
        .expect(200)
        .header("etag")
        .to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let unchanged = get_with(&session, "a.txt", &[("if-none-match", &etag)]).expect(304);
    assert_eq!(
        (unchanged.body(), unchanged.header("etag")),
        (&b""[..], etag.as_str())
    );
    get_with(&session, "a.txt", &[("if-none-match", "\"another\"")]).expect(200);
    session.put("files/a.txt", "changed").expect(200);
    assert_eq!(
        get_with(&session, "a.txt", &[("if-none-match", &etag)])
            .expect(200)
            .text(),
        "changed"
    );
}

#[test]
fn a_range_of_another_version_gets_the_whole_file() {
    let session = with_file("a.txt");
    let etag = session
        .get("files/a.txt")
        .expect(200)
        .header("etag")
        .to_owned();
    get_with(
        &session,
        "a.txt",
        &[("range", "bytes=0-3"), ("if-range", &etag)],
    )
    .expect(206);
    session.put("files/a.txt", "changed").expect(200);
    assert_eq!(
        get_with(
            &session,
            "a.txt",
            &[("range", "bytes=0-3"), ("if-range", &etag)]
        )
        .expect(200)
        .text(),
        "changed"
    );
}

#[test]
fn a_head_request_has_the_headers_and_no_body() {
    let session = with_file("a.txt");
    let reply = Server::shared()
        .http()
        .head(&session.route("files/a.txt"))
        .expect(200);
    assert_eq!(
        (reply.header("content-length"), reply.body()),
        ("10", &b""[..]),
        "\n{reply}"
    );
    assert_eq!(
        reply.header("content-type"),
        "text/plain; charset=utf-8",
        "\n{reply}"
    );
}

#[test]
fn a_large_file_arrives_whole() {
    let session = Server::shared().session();
    session
        .run("open('large', 'wb').write(bytes(range(256)) * (4 << 16))")
        .succeeded();
    let reply = session.get("files/large").expect(200);
    assert_eq!(reply.body().len(), 64 << 20);
    assert!(
        reply
            .body()
            .chunks(256)
            .all(|chunk| chunk.iter().copied().eq(0..=255))
    );
}
