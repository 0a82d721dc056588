//! The last event is the plain answer, for the caller and, made again from the history, for who follows.

use super::{comparable, follow, stream};
use crate::harness::Server;

#[test]
fn the_last_event_is_the_plain_answer() {
    let server = Server::shared();
    for code in [
        "print('hi')\n40 + 2",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nopen('a.txt', 'w').write('a')",
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\n1 / 0",
        "raise SystemExit(3)",
        "print('x' * (1 << 20))",
        "def",
    ] {
        let plain = server.session().run(code);
        let (_, streamed) = stream(server, server.session().id(), code).rest();
        assert_eq!(comparable(&streamed), comparable(&plain), "{code}");
        let (_, followed) = follow(server, plain.execution_id()).rest();
        assert_eq!(comparable(&followed), comparable(&plain), "{code}");
        let seconds = |response: &api::tool::ToolResponse| {
            let metadata = &response.metadata;
            (metadata.execution_time, metadata.code_execution_time)
        };
        assert_eq!(seconds(&followed), seconds(&plain), "{code}");
    }
}

#[test]
fn a_limit_that_was_hit_is_in_both() {
    let server = Server::shared();
    let plain = server.tool("while True: pass").timeout(0.3).send();
    let (_, followed) = follow(server, plain.execution_id()).rest();
    assert_eq!(comparable(&followed), comparable(&plain));
}
