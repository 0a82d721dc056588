//! How a program ends.

use api::python::Outcome;

use crate::harness::Server;

#[test]
fn sys_exit_gives_the_returncode() {
    for (code, returncode) in [("3", 3), ("255", 255), ("True", 1)] {
        let reply = Server::shared().run(&format!(
            "import sys\nprint('before')\nsys.exit({code})\nprint('after')"
        ));
        let reply = reply.ended(Outcome::Exit, returncode);
        assert_eq!(reply.data.stdout, "before\n", "{code}\n{reply}");
    }
}

#[test]
fn sys_exit_without_a_status_is_success() {
    for code in [
        "sys.exit()",
        "sys.exit(None)",
        "sys.exit(0)",
        "exit()",
        "quit()",
        "raise SystemExit",
    ] {
        Server::shared()
            .run(&format!(
                "import sys\nprint('before')\n{code}\nprint('after')"
            ))
            .prints("before\n");
    }
}

#[test]
fn sys_exit_with_a_message_prints_it_and_gives_1() {
    let reply = Server::shared()
        .run("import sys\nsys.exit('it is over')")
        .ended(Outcome::Exit, 1);
    assert_eq!(reply.data.stderr, "it is over\n", "\n{reply}");
}

#[test]
fn exit_handlers_and_finalizers_run() {
    let code = "import atexit\natexit.register(print, 'at exit')\nclass A:\n    def __del__(self): print('finalized')\na = A()\nprint('end')";
    let reply = Server::shared().run(code).succeeded();
    let mut lines: Vec<_> = reply.data.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["at exit", "end", "finalized"], "\n{reply}");
}

#[test]
fn a_file_left_open_is_written_out() {
    let session = Server::shared().session();
    session
        .run("file = open('open.txt', 'w')\nfile.write('not closed')")
        .succeeded();
    assert_eq!(
        session.get("files/open.txt").expect(200).text(),
        "not closed"
    );
}

#[test]
fn os_exit_ends_at_once() {
    let code = "import atexit, os\natexit.register(print, 'at exit')\nprint('before', flush=True)\nos._exit(5)";
    let reply = Server::shared().run(code).ended(Outcome::Exit, 5);
    assert_eq!(reply.data.stdout, "before\n", "\n{reply}");
}
