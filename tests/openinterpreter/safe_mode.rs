//! `safe_mode`: code is looked at before it runs, and refused with its line and the reason.

use super::{INSTRUCTION, ends_well, in_attempts, scripted, scripted_with};
use crate::harness::{Say, ToolReply};

const SAFE_MODE: (&str, &str) = ("python_coder_openinterpreter_safe_mode", "true");
const ONCE: (&str, &str) = ("python_coder_max_retries", "1");

/// Runs code in safe mode, once, in a session that has a file `kept`; and the same where safe mode is off.
#[track_caller]
fn looked_at(code: &str, variables: &[(&str, &str)]) -> (ToolReply, bool) {
    let (_model, server) = scripted_with([], variables);
    let session = server.session();
    session.put("files/kept", "x").expect(201);
    let reply = session.run(code);
    let is_kept = session.get("files/kept").status() == 200;
    (reply, is_kept)
}

/// Names programs that remove a file, and the line that is refused, and makes a test of each.
macro_rules! refused {
    ($($name:ident: $line:expr, $code:expr;)*) => {
        $(
            #[test]
            fn $name() {
                let (reply, is_kept) = looked_at($code, &[SAFE_MODE, ONCE]);
                let error = reply.error.as_deref().unwrap_or_default();
                let refusal = concat!("Failed after 1 attempt: Refused: line ", $line, ": os.remove is not allowed: ");
                let reason = error.strip_prefix(refusal).unwrap_or_default();
                assert!(!reason.is_empty(), "it does not say why\n{reply}");
                assert!(is_kept && reply.data.stdout.is_empty(), "it ran\n{reply}");
                in_attempts(&reply, 1);
                // The control: the same program where nothing is looked at.
                let (reply, is_kept) = looked_at($code, &[ONCE]);
                assert!(reply.success && !is_kept, "\n{reply}");
            }
        )*
    };
}

refused! {
    a_plain_call: 3, "import os\nprint('before')\nos.remove('kept')";
    another_name_for_the_module: 2, "import os as o\no.remove('kept')";
    the_function_itself: 1, "from os import remove\nremove('kept')";
    another_name_for_the_function: 1, "from os import remove as tidy\ntidy('kept')";
    inside_a_function: 3, "import os\ndef tidy():\n    os.remove('kept')\ntidy()";
    in_a_list_that_is_hardly_seen: 2, "import os\n[os.remove(name) for name in ['kept']]";
}

#[test]
fn what_is_not_forbidden_runs() {
    let (model, server) = scripted_with([], &[SAFE_MODE]);
    server
        .run("import os, math\nimport pandas as pd\nopen('a.csv', 'w').write('x\\n1\\n')\nprint(os.path.exists('a.csv'), pd.read_csv('a.csv').x.sum(), [1, 2].remove(1))")
        .prints("True 1 None\n");
    model.was_asked(0);
}

#[test]
fn a_refusal_tells_the_model_which_then_writes_something_else() {
    let (model, server) = scripted_with(
        [
            Say::done("import os\nos.remove('kept')"),
            Say::done("print('hi')"),
        ],
        &[SAFE_MODE],
    );
    ends_well(server.run(INSTRUCTION), 2, "hi\n");
    let instruction = model.requests()[1].instruction();
    assert!(
        instruction.contains("Refused: line 2: os.remove is not allowed: "),
        "{instruction}"
    );
}

#[test]
fn what_the_caller_sent_is_looked_at_like_what_the_model_wrote() {
    let (model, server) = scripted_with([Say::done("print('hi')")], &[SAFE_MODE]);
    ends_well(server.run("import os\nos.remove('kept')"), 2, "hi\n");
    model.was_asked(1);
}

#[test]
fn the_same_refusal_of_the_same_code_ends_the_attempts() {
    let code = "import os\nos.remove('kept')";
    let (model, server) = scripted_with([Say::done(code), Say::done("print('hi')")], &[SAFE_MODE]);
    let reply = server.run(code);
    let error = reply.error.as_deref().unwrap_or_default();
    assert!(
        error.starts_with("Failed after 2 attempts: Refused: line 2: ")
            && error.ends_with("; stopped early: the same code failed with the same error twice"),
        "\n{reply}"
    );
    model.was_asked(1);
}

/// The check leaves nothing behind: no script, no file of its own.
#[test]
fn the_check_leaves_nothing_in_the_workspace() {
    let (_model, server) = scripted_with([Say::done("print('hi')")], &[SAFE_MODE]);
    let reply = ends_well(server.run("import os\nos.remove('kept')"), 2, "hi\n");
    assert_eq!(reply.data.files.len(), 1, "\n{reply}");
}

/// A person may let run what is proposed, and no more than the policy allows.
#[test]
fn a_refused_program_is_not_even_proposed() {
    let (_model, server) = scripted_with(
        [Say::done("print('hi')")],
        &[
            SAFE_MODE,
            ("python_coder_openinterpreter_auto_run", "false"),
        ],
    );
    let reply = server.run("import os\nos.remove('kept')");
    assert_eq!(
        reply.data.proposed_code.as_deref(),
        Some("print('hi')"),
        "\n{reply}"
    );
}

#[test]
fn broken_code_is_not_refused_but_repaired() {
    let (_model, server) = scripted_with(
        [Say::done("print('hi'"), Say::done("print('hi')")],
        &[SAFE_MODE],
    );
    ends_well(server.run(INSTRUCTION), 2, "hi\n");
    let (_model, server) = scripted([Say::done("print('hi'"), Say::done("print('hi')")]);
    ends_well(server.run(INSTRUCTION), 2, "hi\n");
}
