//! Escapes and abuses, a file a surface.
//!
//! Each attempt is a test of its own: a program, and exactly how it is denied. An error that is not the
//! one expected is a failure, for an attempt that fails by accident has not been denied. Each file has
//! controls too: the same thing where it is allowed. After every attempt the session and the server must
//! still work, and a file beside the workspaces must be as it was.

mod bytecode;
mod door;
mod environment;
mod exhaustion;
mod files;
mod interpreter;
mod links;
mod network;
mod processes;
mod sessions;

use std::sync::OnceLock;

use api::python::Outcome;

use crate::harness::Server;

/// How an attempt ends.
enum Expect {
    /// The program is denied everything it tries, tells exactly how, and ends well.
    Prints(&'static str),
    /// An exception that nothing catches ends it: the exact last line of the traceback.
    Raises(&'static str),
    /// The host ends it.
    Ends(Outcome, i32),
    /// CPython is made to do what it leaves undefined: an exception or a crash, as its memory has it.
    /// What counts is that nothing but the run is harmed.
    Breaks,
}

use Expect::{Breaks, Ends, Prints, Raises};

/// Names attempts, gives each its program, and makes a test of it.
macro_rules! attempts {
    ($($name:ident: $code:expr => $expect:expr;)*) => {
        $(
            #[test]
            fn $name() {
                crate::abuse::attempt($code, $expect);
            }
        )*
    };
}
use attempts;

const SECRET: &str = "nothing inside may read or change this";

/// A server with a file that no program may reach and a secret that none may know, and limits that are
/// quickly reached.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = Server::with()
            .arguments(&["--max-concurrent", "8"])
            .variable("python_executor_memory", 512 << 20)
            .variable("python_workspace_max_bytes", 32 << 20)
            .variable("python_workspace_max_files", 500)
            .variable("llm_api_key", SECRET)
            .environment("VIVARIUM_TEST_SECRET", SECRET)
            .start_static();
        std::fs::create_dir_all(server.data_file("scratch")).unwrap();
        for path in ["secret.txt", "scratch/secret.txt"] {
            std::fs::write(server.data_file(path), SECRET).unwrap();
        }
        server
    })
}

/// What every program of this subject may use: `denied(action)` says how an action was denied.
const PRELUDE: &str = "
def denied(action, *arguments):
    try:
        return 'allowed: ' + repr(action(*arguments))
    except BaseException as error:
        number = getattr(error, 'errno', None)
        return type(error).__name__ + ('' if number is None else f' {number}')
";

#[track_caller]
fn attempt(code: &str, expect: Expect) {
    let server = server();
    let session = server.session();
    let reply = session
        .tool(&format!("{PRELUDE}{code}"))
        .timeout(20.0)
        .send();
    for text in [&reply.answer, &reply.data.stdout, &reply.data.stderr] {
        assert!(!text.contains(SECRET), "it found the secret\n{reply}");
    }
    match expect {
        Prints(stdout) => drop(reply.prints(stdout)),
        Raises(last_line) => drop(reply.raises(last_line)),
        Ends(outcome, returncode) => drop(reply.ended(outcome, returncode)),
        Breaks => assert!(
            matches!(
                reply.metadata.outcome,
                Some(Outcome::Exception | Outcome::Crashed)
            ),
            "\n{reply}"
        ),
    }
    session.run("print('hi')").prints("hi\n");
    server.still_answers();
    for path in ["secret.txt", "scratch/secret.txt"] {
        assert_eq!(
            std::fs::read_to_string(server.data_file(path)).unwrap(),
            SECRET,
            "{path} was changed"
        );
    }
}
