//! `vivarium run`: one program in a sandbox, from the terminal.

use insta::assert_snapshot;

use crate::harness::{redacted, vivarium};

/// Runs a program given on standard input.
fn run(code: &str, options: &[&str]) -> crate::harness::Ended {
    vivarium(&[&["run"], options, &["-"]].concat(), code)
}

#[test]
fn its_output_is_the_terminals() {
    let ended = run(
        "import sys\nprint('out')\nprint('err', file=sys.stderr)",
        &[],
    )
    .expect(0);
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        ("out\n", "err\n")
    );
}

#[test]
fn its_exit_status_is_the_processs() {
    run("pass", &[]).expect(0);
    run("import sys; sys.exit(3)", &[]).expect(3);
    run("import sys; sys.exit('over')", &[]).expect(1);
    run("import os; os._exit(5)", &[]).expect(5);
    run("while True: pass", &["--timeout", "0.3"]).expect(124);
    run("x = bytearray(1 << 30)", &["--memory", "268435456"]).expect(137);
}

#[test]
fn a_traceback_goes_to_standard_error() {
    let ended = run("1 / 0", &[]).expect(1);
    redacted(|| assert_snapshot!(ended.stderr));
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_limit_is_explained_with_the_flag_that_raises_it() {
    redacted(|| {
        assert_snapshot!(
            run("while True: pass", &["--timeout", "0.3"])
                .expect(124)
                .stderr
        )
    });
}

#[test]
fn a_file_is_run_with_standard_input_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("greet.py");
    std::fs::write(&script, "print('hello', input())\nraise ValueError('x')").unwrap();
    let ended = vivarium(&["run", script.to_str().unwrap()], "Ada\n").expect(1);
    assert_eq!(ended.stdout, "hello Ada\n", "{ended}");
    assert!(ended.stderr.contains("greet.py\", line 2"), "{ended}");
}

#[test]
fn a_workspace_folder_is_used_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.txt"), "from the host").unwrap();
    let workspace = ["--workspace", folder.path().to_str().unwrap()];
    let ended = run(
        "print(open('in.txt').read())\nopen('out.txt', 'w').write('from inside')",
        &workspace,
    )
    .expect(0);
    assert_eq!(ended.stdout, "from the host\n");
    assert_eq!(
        std::fs::read_to_string(folder.path().join("out.txt")).unwrap(),
        "from inside"
    );
}

#[test]
fn without_a_workspace_folder_nothing_is_left_where_it_was_started() {
    let before = listing();
    run("open('left.txt', 'w').write('x')", &[]).expect(0);
    assert_eq!(listing(), before);
}

#[test]
fn a_final_expression_is_not_printed_as_a_script_does_not() {
    assert_eq!(run("6 * 7", &[]).expect(0).stdout, "");
}

#[test]
fn a_bad_command_line_is_refused() {
    for arguments in [
        &["run"][..],
        &["run", "--timeout", "0", "-"],
        &["run", "--timeout", "x", "-"],
        &["run", "/does/not/exist.py"],
    ] {
        let ended = vivarium(arguments, "pass");
        assert!(matches!(ended.status, Some(1 | 2)), "{ended}");
        assert!(
            ended.stderr.starts_with("error: ") && ended.stdout.is_empty(),
            "{ended}"
        );
    }
}

fn listing() -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = std::fs::read_dir(crate::harness::root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    names
}
