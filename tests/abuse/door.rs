//! The door: the module through which the interpreter talks to the host is there for any program.

use api::python::Outcome;

use super::{Ends, Prints, attempts, server};

attempts! {
    sending_what_is_no_frame:
        "import _host
print({denied(_host.call, frame) for frame in (b'', b'{', b'null', b'[]', b'\"x\"', b'\\xff' * 100, b'{}', b'{\"type\": \"unknown\"}', b'{\"type\": \"result\"}', b'{\"type\": \"result\", \"bundle\": {\"text/plain\": 1}}')})"
        => Prints("{'OSError'}\n");
    sending_deeply_nested_frames:
        "import _host; print(denied(_host.call, b'[' * 10**6), denied(_host.call, b'{\"a\":' * 10**6))" => Prints("OSError OSError\n");
    // It is dropped, and counted as a result that was.
    sending_a_frame_that_is_too_large:
        "import _host, json; print(denied(_host.call, json.dumps({'type': 'result', 'bundle': {'text/plain': 'x' * (17 << 20)}}).encode()))" => Prints("allowed: b''\n");
    sending_what_is_not_bytes:
        "import _host; print(denied(_host.call, None), denied(_host.call, 1), denied(_host.call), denied(_host.call, b'', b'', b''))" => Prints("TypeError TypeError TypeError TypeError\n");
    claiming_an_outcome_that_is_the_hosts_to_say:
        "import _host; print(denied(_host.call, b'{\"type\": \"finished\", \"outcome\": \"timeout\"}'))" => Prints("OSError\n");
    claiming_success_and_running_on_changes_nothing:
        "import _host
_host.call(b'{\"type\": \"finished\", \"outcome\": \"ok\"}')
import sys; sys.exit(3)"
        => Ends(Outcome::Exit, 3);
    claiming_success_before_crashing_changes_nothing:
        "import _host, os
_host.call(b'{\"type\": \"finished\", \"outcome\": \"ok\"}')
os.abort()"
        => Ends(Outcome::Crashed, 134);
    there_is_one_door_and_no_other:
        "import _host; print([name for name in dir(_host) if not name.startswith('__')])" => Prints("['available', 'call']\n");
}

#[test]
fn results_are_bounded_in_number_and_the_rest_is_counted() {
    let reply = server()
        .run("for number in range(10_000): display(number)")
        .succeeded();
    assert_eq!(
        reply.data.results.len() as u64 + reply.data.truncated.results,
        10_000,
        "{:?}",
        reply.data.truncated
    );
    assert!(reply.data.results.len() <= 200);
    server().still_answers();
}

#[test]
fn results_are_bounded_in_size() {
    let reply = server()
        .run("for _ in range(20): display('x' * (8 << 20))")
        .succeeded();
    let bytes: usize = reply
        .data
        .results
        .iter()
        .flat_map(|bundle| bundle.values())
        .map(String::len)
        .sum();
    assert!(bytes <= 32 << 20, "{bytes}");
    assert!(reply.data.truncated.results > 0);
    server().still_answers();
}

#[test]
fn a_forged_result_is_no_more_than_a_result() {
    let code = r#"import _host; _host.call(b'{"type": "result", "bundle": {"text/html": "<script>alert(1)</script>", "../../x": "y"}}'); None"#;
    let reply = server().run(code).succeeded();
    assert_eq!(reply.data.results.len(), 1, "\n{reply}");
    assert_eq!(reply.files(), [""; 0], "\n{reply}");
}
