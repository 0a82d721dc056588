//! `api_tokens`: what is read, what is refused, and who is let in.

use super::{ONE, TWO, UNNAMED, two_tenants};
use crate::harness::{Server, redacted, vivarium};

#[test]
fn every_token_opens_and_nothing_else_does() {
    let server = two_tenants();
    for token in [UNNAMED, ONE, TWO] {
        server.http().bearer(token).get("/api/sessions").expect(200);
    }
    for token in [
        "",
        "one",
        "one:token-of-one",
        "token-of-on",
        "token-of-one2",
        "token-of-three",
    ] {
        let reply = server.http().bearer(token).get("/api/sessions");
        let reply = reply.refused(401, "unauthorized");
        assert!(
            reply.header("www-authenticate").starts_with("Bearer"),
            "\n{reply}"
        );
    }
    server
        .http()
        .get("/api/sessions")
        .refused(401, "unauthorized");
    server.http().get("/api/health").expect(200);
    server.http().get("/").expect(200);
}

/// The holder without a name has what was there before there were names.
#[test]
fn with_names_alone_nobody_is_let_in_without_one() {
    let server = Server::with().start();
    let before = server
        .session_called("before")
        .run("print('hi')")
        .prints("hi\n");
    let before = format!("/api/executions/{}", before.execution_id());
    let server = Server::with()
        .variable("api_tokens", format!("one:{ONE}"))
        .start_in(server.kill());
    server.http().get(&before).refused(401, "unauthorized");
    server
        .http()
        .bearer(ONE)
        .get(&before)
        .refused(404, "not_found");
    let server = super::with_tenants(Server::with()).start_in(server.kill());
    server.http().bearer(UNNAMED).get(&before).expect(200);
}

#[test]
fn bad_lines_are_told_all_at_once_and_without_their_tokens() {
    let data = tempfile::tempdir().unwrap();
    let lines =
        "one:secret-1\nsecret-2\nOne:secret-3\n\ntwo:\none:secret-4\nthree:secret-1\nfour:secret-0";
    let (folder, tokens) = (data.path().to_str().unwrap(), format!("api_tokens={lines}"));
    let ended = vivarium(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            folder,
            "--variable",
            "api_token=secret-0",
            "--variable",
            &tokens,
            "--variable",
            "cors_origins=chat.example",
            "--variable",
            "api_max_concurrent=-1",
            "--variable",
            "api_max_calls_per_minute=many",
        ],
        "",
    )
    .expect(1);
    assert!(!ended.stderr.contains("secret"), "{ended}");
    redacted(|| insta::assert_snapshot!(ended.stderr));
}

#[test]
fn no_token_is_shown() {
    let server = two_tenants();
    let config = server.http().bearer(ONE).get("/api/config").expect(200);
    for token in [UNNAMED, ONE, TWO] {
        assert!(!config.text().contains(token), "\n{config}");
    }
}
