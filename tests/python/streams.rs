//! Standard output and error.

use crate::harness::Server;

#[test]
fn the_two_streams_are_kept_apart() {
    let reply = Server::shared().run("import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.stdout.write('no newline')").succeeded();
    assert_eq!(
        (reply.data.stdout.as_str(), reply.data.stderr.as_str()),
        ("out\nno newline", "err\n"),
        "\n{reply}"
    );
}

#[test]
fn invalid_utf_8_does_no_harm() {
    let code =
        r"import sys; sys.stdout.buffer.write(b'a\xff\xfe\x00b\xe2\x82'); sys.stdout.flush()";
    Server::shared()
        .run(code)
        .prints("a\u{fffd}\u{fffd}\0b\u{fffd}");
}

#[test]
fn a_character_written_in_two_pieces_arrives_whole() {
    let code = r"import os; [os.write(1, bytes([byte])) for byte in '€🐍'.encode()]; None";
    Server::shared().run(code).prints("€🐍");
}

#[test]
fn what_cannot_be_encoded_is_escaped() {
    Server::shared().run(r"print('\udcff')").prints("\\udcff\n");
}

#[test]
fn logging_and_warnings_go_to_standard_error() {
    let code = "import logging, warnings\nlogging.warning('careful')\nwarnings.warn('old')";
    let reply = Server::shared().run(code).succeeded();
    assert!(
        reply.data.stderr.starts_with("WARNING:root:careful\n"),
        "\n{reply}"
    );
    assert!(reply.data.stderr.contains("UserWarning: old"), "\n{reply}");
    assert_eq!(reply.data.stdout, "", "\n{reply}");
}

#[test]
fn a_program_may_redirect_its_output() {
    let code = "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as kept: print('x')\nprint(repr(kept.getvalue()))";
    Server::shared().run(code).prints("'x\\n'\n");
}

#[test]
fn a_program_may_close_its_output() {
    let reply = Server::shared()
        .run("import sys\nprint('before')\nsys.stdout.close()\nx = 1")
        .succeeded();
    assert_eq!(reply.data.stdout, "before\n", "\n{reply}");
}
