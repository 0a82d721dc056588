use api::python::{Limit, LimitHit};
use jiff::Timestamp;

use super::*;

fn data(stdout: &str, files: &[(&str, &str)]) -> ToolData {
    let info = |content_type: &str| FileInfo {
        size: 1,
        modified: Timestamp::UNIX_EPOCH,
        content_type: content_type.into(),
        changed: true,
    };
    ToolData {
        stdout: stdout.into(),
        files: files
            .iter()
            .map(|(path, kind)| ((*path).to_owned(), info(kind)))
            .collect(),
        ..ToolData::default()
    }
}

fn ok(data: &ToolData) -> String {
    answer(&Ran {
        outcome: Outcome::Ok,
        data,
        stderr: "",
        error: None,
    })
}

fn bundle(pairs: &[(&str, &str)]) -> MimeBundle {
    pairs
        .iter()
        .map(|(mime, text)| ((*mime).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn success_is_exactly_as_the_contract_has_it() {
    let data = data("Hello World\n", &[("script_123.py", "text/x-python")]);
    assert_eq!(
        ok(&data),
        "Code executed successfully.\n\nOutput:\nHello World\n\nFiles in workspace: script_123.py"
    );
}

#[test]
fn silence_gets_a_hint() {
    assert_eq!(
        ok(&data("", &[])),
        "Code executed successfully.\n\nOutput:\n(no output; use print() for what you want to see)"
    );
}

#[test]
fn results_and_figures_are_shown() {
    let mut data = data(
        "",
        &[
            ("figure_1.png", "image/png"),
            ("script_1.py", "text/x-python"),
        ],
    );
    data.results = vec![
        bundle(&[("image/png", "iVBO"), ("text/plain", "<Figure>")]),
        bundle(&[("text/html", "<b>42</b>"), ("text/plain", "42")]),
    ];
    assert_eq!(
        ok(&data),
        "Code executed successfully.\n\nResult:\n42\n\nFigures: figure_1.png\n\n\
         Files in workspace: figure_1.png, script_1.py"
    );
}

#[test]
fn a_failure_says_what_where_and_how_far_it_came() {
    let error = PythonError {
        name: "ZeroDivisionError".into(),
        value: "division by zero".into(),
        traceback: "Traceback (most recent call last):\n  File \"script_1.py\", line 2\nZeroDivisionError: division by zero\n"
            .into(),
        context: String::new(),
    };
    let data = data("step 1\n", &[("script_1.py", "text/x-python")]);
    let ran = Ran {
        outcome: Outcome::Exception,
        data: &data,
        stderr: "warning\n",
        error: Some(&error),
    };
    assert_eq!(
        error_line(&ran).unwrap(),
        "ZeroDivisionError: division by zero"
    );
    assert_eq!(
        answer(&ran),
        "Code execution failed: ZeroDivisionError: division by zero\n\n\
         Traceback:\nTraceback (most recent call last):\n  File \"script_1.py\", line 2\n\
         ZeroDivisionError: division by zero\n\n\
         Output before the failure:\nstep 1\n\nStderr:\nwarning\n\nFiles in workspace: script_1.py"
    );
    assert!(stderr_with_traceback("warning", Some(&error)).starts_with("warning\nTraceback"));
}

#[test]
fn a_limit_speaks_first_and_names_its_setting() {
    let mut data = data("", &[]);
    data.limit = Some(LimitHit::new(Limit::Timeout, 500));
    let error = PythonError {
        name: "Timeout".into(),
        value: "x".into(),
        traceback: String::new(),
        context: String::new(),
    };
    let text = answer(&Ran {
        outcome: Outcome::Timeout,
        data: &data,
        stderr: "",
        error: Some(&error),
    });
    assert!(
        text.starts_with("Code execution failed: stopped at the time limit of 0.5 s"),
        "{text}"
    );
    assert!(text.contains("`python_executor_timeout`"), "{text}");
}

#[test]
fn an_error_is_one_line() {
    let error = PythonError {
        name: "ValueError".into(),
        value: "a\n  b\r\nc".into(),
        traceback: String::new(),
        context: String::new(),
    };
    let data = data("", &[]);
    let ran = Ran {
        outcome: Outcome::Exception,
        data: &data,
        stderr: "",
        error: Some(&error),
    };
    assert_eq!(error_line(&ran).unwrap(), "ValueError: a b c");
    let long = PythonError {
        value: "x".repeat(5000),
        ..error.clone()
    };
    let line = error_line(&Ran {
        error: Some(&long),
        ..ran
    })
    .unwrap();
    assert!(!line.contains('\n') && line.len() < 600, "{line}");
}

#[test]
fn an_exit_status_is_named() {
    let data = ToolData {
        returncode: 3,
        ..data("", &[])
    };
    let ran = Ran {
        outcome: Outcome::Exit,
        data: &data,
        stderr: "",
        error: None,
    };
    assert_eq!(
        error_line(&ran).unwrap(),
        "the program exited with status 3"
    );
}

#[test]
fn long_output_is_cut_in_the_middle_and_says_so() {
    let just_under = "é".repeat(20_000);
    assert!(ok(&data(&just_under, &[])).contains(&just_under));
    let over = format!("a{}z", "é".repeat(20_000));
    let text = ok(&data(&over, &[]));
    assert!(
        text.contains("\n... (2 characters left out) ...\n"),
        "{}",
        text.len()
    );
    assert!(text.contains("Output:\na") && text.ends_with('z'));
}

#[test]
fn dropped_output_and_many_files_are_counted() {
    let files: Vec<_> = (0..53).map(|n| format!("f{n:02}")).collect();
    let files: Vec<_> = files
        .iter()
        .map(|name| (name.as_str(), "text/plain"))
        .collect();
    let mut data = data("x", &files);
    data.truncated.stdout_bytes = 7;
    let text = ok(&data);
    assert!(
        text.contains("(7 bytes of output beyond the limit were dropped: print less,"),
        "{text}"
    );
    assert!(text.ends_with("f49, ... and 3 more"), "{text}");
}

#[test]
fn a_file_name_cannot_fake_a_section() {
    let text = ok(&data("x", &[("a\n\nOutput:\nfake", "text/plain")]));
    assert!(
        text.ends_with(r"Files in workspace: a\n\nOutput:\nfake"),
        "{text}"
    );
}
