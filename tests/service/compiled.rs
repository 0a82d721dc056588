//! Whether the source is Python is said apart from how the run ended.

use crate::harness::PythonService;

/// Runs what ends in a `SyntaxError`; whether it was compiled, and what it printed before.
#[track_caller]
fn compiled(code: &str) -> (bool, String) {
    let ran = PythonService::shared().run(code);
    let error = ran.finished.error.as_ref().expect("it ends in an error");
    assert!(
        ["SyntaxError", "IndentationError"].contains(&error.name.as_str()),
        "{ran:?}"
    );
    (ran.finished.compiled, ran.stdout)
}

#[test]
fn what_is_not_python_is_not_compiled_and_nothing_of_it_runs() {
    for code in [
        "print('a')\nplot the sales by month",
        "def f():\nreturn 1",
        // Found only when the tree is compiled, in the statements or in the expression they end with.
        "print('a')\nreturn 1",
        "print('a')\nbreak",
        "print('a')\n(yield)",
        "print('a')\nawait x",
    ] {
        assert_eq!(compiled(code), (false, String::new()), "{code}");
    }
}

#[test]
fn a_program_that_compiles_others_is_compiled() {
    for code in [
        "print('a')\nexec('1 +')",
        "print('a')\nraise SyntaxError('mine')",
        "print('a')\nopen('bad.py', 'w').write('1 +')\nimport bad",
        "print('a')\neval('1 +')",
    ] {
        assert_eq!(compiled(code), (true, "a\n".to_owned()), "{code}");
    }
}

#[test]
fn a_program_that_runs_is_compiled() {
    for code in ["", "1", "1 / 0", "import sys; sys.exit(3)"] {
        assert!(
            PythonService::shared().run(code).finished.compiled,
            "{code}"
        );
    }
}
