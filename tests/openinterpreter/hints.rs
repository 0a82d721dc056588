//! What helps against a common error is in the prompt of the next attempt.

use api::python::Limit;
use insta::assert_snapshot;

use super::{ends_well, scripted, scripted_with};
use crate::harness::{Say, redacted};

/// What the model is told after this program, which fails.
#[track_caller]
fn told_after(code: &str) -> String {
    let (model, server) = scripted([Say::done("print('hi')")]);
    ends_well(server.run(code), 2, "hi\n");
    model.request().instruction()
}

#[track_caller]
fn assert_told(prompt: &str, parts: &[&str]) {
    for part in parts {
        assert!(prompt.contains(part), "no {part:?} in:\n{prompt}");
    }
}

#[test]
fn a_missing_module_tells_which_are_installed() {
    let prompt = told_after("import seaborn_of_tomorrow");
    assert_told(
        &prompt,
        &[
            "seaborn_of_tomorrow",
            "numpy",
            "pandas",
            "matplotlib",
            "scikit-learn",
        ],
    );
}

#[test]
fn a_missing_file_tells_which_there_are() {
    let prompt = told_after(
        "import os\nos.mkdir('data')\nopen('data/' + 'sales'.upper() + '.csv', 'w').write('x')\nopen('sale.csv')",
    );
    assert_told(&prompt, &["data/SALES.csv"]);
}

#[test]
fn a_missing_column_tells_which_there_are() {
    let prompt = told_after(
        "import pandas as pd\nframe = pd.DataFrame({'Reven'+'ue': [1], 'Cou'+'ntry': ['DE']})\nframe['revenue']",
    );
    assert_told(&prompt, &["KeyError", "Revenue", "Country"]);
}

/// The control: a key that is missing in something else.
#[test]
fn a_missing_key_of_a_dict_tells_no_columns() {
    let prompt =
        told_after("import pandas as pd\nframe = pd.DataFrame({'Reven'+'ue': [1]})\n{'a': 1}['b']");
    assert!(!prompt.contains("Revenue"), "{prompt}");
}

#[test]
fn a_program_without_memory_is_told_the_limit() {
    let (model, server) = scripted_with(
        [Say::done("print('hi')")],
        &[("python_executor_memory", &(256 << 20).to_string())],
    );
    let reply = server.run("data = []\nwhile True: data.append(bytearray(1 << 20))");
    ends_well(reply, 2, "hi\n");
    assert_told(&model.request().instruction(), &["256 MiB"]);
}

/// One program that fails so, and its prompt as a whole: the hint is all that tells them apart.
macro_rules! prompts {
    ($($name:ident: $code:expr;)*) => {
        $(
            #[test]
            fn $name() {
                let prompt = told_after($code);
                redacted(|| assert_snapshot!(prompt));
            }
        )*
    };
}

prompts! {
    a_network_that_is_not_there: "import urllib.request\nurllib.request.urlopen('http://example.com/')";
    a_socket_that_is_not_there: "import socket\nsocket.socket()";
    output_that_was_cut_off: "print('x' * (2 << 20))\nmissing";
    an_error_that_needs_no_hint: "1 / 0";
    a_subprocess_that_is_not_there: "import subprocess\nsubprocess.run(['ls'])";
    input_that_is_not_there: "input('Your name? ')";
}

#[test]
fn a_syntax_error_tells_its_line() {
    let (model, server) = scripted([
        Say::done("x = 1\nif x\n    print(x)"),
        Say::done("print('hi')"),
    ]);
    ends_well(server.run("missing"), 3, "hi\n");
    let prompt = model.requests()[1].instruction();
    assert_told(&prompt, &["SyntaxError: expected ':'", "line 2"]);
    redacted(|| assert_snapshot!(prompt));
}

/// A run is given the time that is left of the call, so the model is told only where some of it is.
#[test]
fn a_full_workspace_is_told_with_its_limit() {
    let (model, server) = scripted_with(
        [Say::done("print('hi')")],
        &[("python_workspace_max_files", "20")],
    );
    let reply = server.run("for number in range(50): open(f'{number}.txt', 'w').close()");
    assert!(
        reply
            .data
            .limit
            .as_ref()
            .is_none_or(|limit| limit.name == Limit::WorkspaceFiles),
        "\n{reply}"
    );
    assert_told(&model.request().instruction(), &["20 files"]);
}
