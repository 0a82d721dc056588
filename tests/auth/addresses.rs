//! Where others can reach the server, a token is needed, or `--allow-anonymous`.

use insta::assert_snapshot;

use super::{ONE, with_tenants};
use crate::harness::{Ended, PythonService, Server, vivarium};

const EVERYWHERE: &str = "0.0.0.0:0";

/// What a server says that does not start, without its port.
fn refused(command: &str) -> Ended {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    vivarium(&[command, "--listen", EVERYWHERE, "--data", folder], "").expect(1)
}

fn without_port(text: &str) -> String {
    let (before, rest) = text
        .split_once("0.0.0.0:")
        .unwrap_or_else(|| panic!("{text}"));
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}0.0.0.0:[port]{rest}")
}

#[test]
fn nobody_serves_strangers_by_accident() {
    assert_snapshot!("serve", without_port(&refused("serve").stderr));
    assert_snapshot!("python", without_port(&refused("python").stderr));
}

#[test]
fn a_token_will_do() {
    let server = Server::with()
        .variable("api_token", "t")
        .listen(EVERYWHERE)
        .start();
    server
        .http()
        .get("/api/sessions")
        .refused(401, "unauthorized");
    let named = Server::with().variable("api_tokens", format!("one:{ONE}"));
    let server = named.listen(EVERYWHERE).start();
    server.http().bearer(ONE).get("/api/sessions").expect(200);
}

#[test]
fn whoever_means_it_can_say_so() {
    let server = Server::with()
        .listen(EVERYWHERE)
        .arguments(&["--allow-anonymous"])
        .start();
    server.still_answers();
    // It changes nothing where there is a token.
    let server = with_tenants(Server::with())
        .listen(EVERYWHERE)
        .arguments(&["--allow-anonymous"])
        .start();
    server
        .http()
        .get("/api/sessions")
        .refused(401, "unauthorized");
    let service = PythonService::start(&["--allow-anonymous"]);
    service.http().get("/v1/health").expect(200);
}
