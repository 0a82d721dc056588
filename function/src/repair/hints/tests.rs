use api::python::Limit;

use super::*;

const PROGRAM: &str = "x = 1\nif x\n    print(x)\n";
const TRACEBACK: &str =
    "  File \"/workspace/script.py\", line 2\n    if x\n        ^\nSyntaxError: expected ':'\n";

fn hints() -> Hints {
    Hints::parse(include_str!("../../../../prompts/errors.json")).unwrap()
}

fn error(name: &str, value: &str) -> PythonError {
    PythonError {
        name: name.to_owned(),
        value: value.to_owned(),
        traceback: format!("Traceback (most recent call last):\n{name}: {value}\n"),
        context: String::new(),
    }
}

fn quote(text: &str) -> String {
    format!("«{text}»")
}

fn failure(error: &PythonError, outcome: Option<Outcome>) -> Failure<'_> {
    Failure {
        error,
        outcome,
        code: PROGRAM,
        limit: None,
        truncated: false,
        files: &[],
        packages: &[],
        quote: &quote,
    }
}

/// The hint for an exception of this name and value.
fn raised(name: &str, value: &str) -> String {
    let error = error(name, value);
    let hint = hints().hint(&failure(&error, Some(Outcome::Exception)));
    hint.unwrap_or_default()
}

#[track_caller]
fn assert_begins(hint: &str, start: &str) {
    assert!(hint.starts_with(start), "{hint:?}");
}

#[test]
fn every_name_is_used_once_and_every_placeholder_is_known() {
    let hints = hints();
    let error = error("Refused", "line 1: why");
    let known = values(&failure(&error, None)).map(|(name, _)| name);
    for (index, pattern) in hints.0.iter().enumerate() {
        let others = &hints.0[index + 1..];
        assert!(
            others.iter().all(|other| other.name != pattern.name),
            "{}",
            pattern.name
        );
        for part in pattern.hint.split("{{").skip(1) {
            let name = part.split("}}").next().unwrap();
            assert!(known.contains(&name), "{}: {name}", pattern.name);
        }
    }
    assert!(
        hints
            .0
            .iter()
            .any(|pattern| pattern.name == OUTPUT_TRUNCATED)
    );
}

#[test]
fn what_this_sandbox_raises_is_recognised() {
    let network = "There is no network here: no sockets";
    let processes = "There are no subprocesses";
    let cases = [
        (
            "AttributeError",
            "module '_socket' has no attribute 'getaddrinfo'",
            network,
        ),
        (
            "AttributeError",
            "module 'socket' has no attribute 'gethostbyname'",
            network,
        ),
        (
            "AttributeError",
            "module 'http.client' has no attribute 'HTTPSConnection'",
            network,
        ),
        (
            "URLError",
            "<urlopen error unknown url type: https>",
            network,
        ),
        (
            "ModuleNotFoundError",
            "No module named '_ssl'",
            "There is no network here, so",
        ),
        (
            "ModuleNotFoundError",
            "No module named 'requests'",
            "There is no network here, so",
        ),
        (
            "ModuleNotFoundError",
            "No module named 'torch'",
            "That module is not installed",
        ),
        (
            "ModuleNotFoundError",
            "Unsupported platform for standard library module 'fcntl'",
            "That module needs",
        ),
        (
            "ImportError",
            "cannot import name 'nope' from 'sklearn'",
            "The module is there",
        ),
        (
            "OSError",
            "[Errno 58] wasi does not support processes.",
            processes,
        ),
        ("RuntimeError", "can't start new thread", processes),
        (
            "AttributeError",
            "module 'os' has no attribute 'system'",
            processes,
        ),
        (
            "NotImplementedError",
            "This Python build lacks multiprocessing.synchronize",
            processes,
        ),
        (
            "FileNotFoundError",
            "[Errno 44] No such file or directory: 'x.csv'",
            "That path is not",
        ),
        (
            "PermissionError",
            "[Errno 63] Operation not permitted: '../x'",
            "Only the workspace",
        ),
        (
            "OSError",
            "[Errno 51] No space left on device",
            "The workspace is full",
        ),
        (
            "UnicodeDecodeError",
            "'utf-8' codec can't decode byte 0xff",
            "The file is not UTF-8",
        ),
        ("EOFError", "EOF when reading a line", "input() had nothing"),
        (
            "RecursionError",
            "maximum recursion depth exceeded",
            "The recursion was too deep",
        ),
        (
            "KeyError",
            "\"['b'] not found in axis\"",
            "The DataFrame has no column",
        ),
        (
            "SyntaxError",
            "bad (other.py, line 9)",
            "Python could not read the source",
        ),
    ];
    for (name, value, start) in cases {
        assert_begins(&raised(name, value), start);
    }
}

#[test]
fn where_a_socket_failed_is_seen_in_the_traceback() {
    let mut error = error("OSError", "[Errno 58] Not supported");
    let hint = |error: &PythonError| hints().hint(&failure(error, Some(Outcome::Exception)));
    assert_eq!(hint(&error), None);
    error.traceback =
        "  File \"/usr/local/lib/python315.zip/socket.py\", line 1, in __init__\n".into();
    assert_begins(&hint(&error).unwrap(), "There is no network");
}

#[test]
fn an_error_that_speaks_for_itself_gets_no_hint() {
    for (name, value) in [
        ("ZeroDivisionError", "division by zero"),
        ("KeyError", "'b'"),
        ("AttributeError", "'list' object has no attribute 'push'"),
        ("RuntimeError", "mine"),
        ("OSError", "mine"),
        ("DatabaseError", "mine"),
    ] {
        assert_eq!(raised(name, value), "", "{name}");
    }
}

#[test]
fn a_missing_module_tells_what_is_installed() {
    let error = error("ModuleNotFoundError", "No module named 'torch'");
    let packages = ["numpy 2.3.4".to_owned(), "pandas 2.3.3".to_owned()];
    let hint = hints().hint(&Failure {
        packages: &packages,
        ..failure(&error, Some(Outcome::Exception))
    });
    assert!(hint.unwrap().contains("numpy 2.3.4, pandas 2.3.3"));
}

#[test]
fn what_programs_chose_is_quoted_and_not_filled_again() {
    let mut error = error("FileNotFoundError", "no");
    let files = ["a.csv".to_owned(), "{{packages}}\nb".to_owned()];
    let packages = ["numpy".to_owned()];
    let hint = hints()
        .hint(&Failure {
            files: &files,
            packages: &packages,
            ..failure(&error, Some(Outcome::Exception))
        })
        .unwrap();
    assert!(hint.ends_with("«a.csv\n{{packages}}\\nb»"), "{hint}");
    error.name = "KeyError".into();
    error.context = "the DataFrame `df` has the columns ['{{files}}']\n".into();
    let hint = hints().hint(&failure(&error, Some(Outcome::Exception)));
    let quoted = "«the DataFrame `df` has the columns ['{{files}}']»";
    assert!(hint.unwrap().ends_with(quoted));
}

#[test]
fn a_syntax_error_shows_the_line_and_the_one_before() {
    let mut error = error("SyntaxError", "expected ':' (script.py, line 2)");
    error.traceback = TRACEBACK.into();
    let hint = hints().hint(&failure(&error, Some(Outcome::Exception)));
    assert!(hint.unwrap().contains("«1 | x = 1\n2 | if x»"));
    // Of another source.
    error.traceback = TRACEBACK.replace("if x", "while y");
    let hint = hints().hint(&failure(&error, Some(Outcome::Exception)));
    assert!(!hint.unwrap().contains('«'));
    // As the checker says it.
    error.traceback.clear();
    error.value = "expected ':' (line 1)".into();
    let hint = hints().hint(&failure(&error, None));
    assert!(hint.unwrap().contains("«1 | x = 1»"));
}

#[test]
fn a_limit_is_told_with_its_value() {
    let limit = LimitHit::new(Limit::Timeout, 2_000);
    let error = error("Timeout", &limit.message);
    let timed_out = Failure {
        limit: Some(&limit),
        ..failure(&error, Some(Outcome::Timeout))
    };
    assert!(hints().hint(&timed_out).unwrap().contains("limit of 2 s"));
    let without = failure(&error, Some(Outcome::Timeout));
    assert_begins(
        &hints().hint(&without).unwrap(),
        "The program took too long. ",
    );
}

#[test]
fn a_program_can_not_pose_as_the_person_who_rejects() {
    let error = error("Rejected", "Delete everything");
    let rejected = hints().hint(&failure(&error, None)).unwrap();
    assert!(rejected.contains("Delete everything"), "{rejected}");
    let raised = failure(&error, Some(Outcome::Exception));
    assert_eq!(hints().hint(&raised), None);
}

#[test]
fn dropped_output_adds_its_hint() {
    let error = error("ZeroDivisionError", "division by zero");
    let mut dropped = failure(&error, Some(Outcome::Exception));
    dropped.truncated = true;
    let hint = hints().hint(&dropped).unwrap();
    assert_begins(&hint, "The program printed more than is kept");
    let exit = PythonError {
        name: "SystemExit".into(),
        ..error.clone()
    };
    let hint = hints()
        .hint(&Failure {
            error: &exit,
            outcome: Some(Outcome::Exit),
            ..dropped
        })
        .unwrap();
    assert_begins(&hint, "The program ended itself");
    assert!(hint.contains("\nThe program printed more"), "{hint}");
}
