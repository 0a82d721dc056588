use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

const POLICY: &str = include_str!("../../../../prompts/policy.json");

/// Runs the checker with the machine's own Python.
fn output(code: &str, policy: &str) -> std::process::Output {
    let mut child = Command::new("python3")
        .args(["-c", CHECK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Closed at the end of the statement.
    let stdin = child.stdin.take();
    stdin
        .unwrap()
        .write_all(check_input(code, policy).as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn check(code: &str) -> Checked {
    let output = output(code, POLICY);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    Checked::parse(&String::from_utf8_lossy(&output.stdout)).unwrap()
}

fn found(code: &str) -> Vec<(u32, String)> {
    let checked = check(code);
    assert!(checked.valid, "{code}: {checked:?}");
    let findings = checked.findings.into_iter();
    findings
        .map(|finding| (finding.line, finding.what))
        .collect()
}

#[test]
fn the_default_policy_gives_reasons() {
    let policy: serde_json::Value = serde_json::from_str(POLICY).unwrap();
    for rule in policy["rules"].as_array().unwrap() {
        assert!(
            rule["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty()),
            "{rule}"
        );
    }
}

#[test]
fn a_thing_is_found_under_every_name() {
    let removes = [
        ("import os\nos.remove('a')", 2),
        ("import os as o\no.remove('a')", 2),
        ("import os.path\nos.remove('a')", 2),
        ("from os import remove", 1),
        ("from os import *\nremove('a')", 2),
        ("import os\no = os\np = o\np.remove('a')", 4),
        ("import os, re\na, b = os, re\na.remove('a')", 3),
        ("import os\nif (o := os): o.remove('a')", 2),
        ("import os\ndef f(x, o=os): o.remove('a')", 2),
        ("import os\nlist(map(os.remove, ['a']))", 2),
        ("import shutil\nshutil.os.remove('a')", 2),
        ("import os\ngetattr(os, 'remove')('a')", 2),
        ("import os\ng = getattr\ng(os, 'remove')('a')", 3),
        ("import os\nvars(os)['remove']('a')", 2),
        ("import os\nos.__dict__['remove']('a')", 2),
        ("import os\nprint(f'{os.remove(1)}')", 2),
    ];
    for (code, line) in removes {
        assert_eq!(found(code), [(line, "os.remove".to_owned())], "{code}");
    }
}

#[test]
fn other_ways_are_found() {
    let cases = [
        (
            "from pathlib import Path\nPath('a').unlink()",
            2,
            ".unlink()",
        ),
        ("import os\nname = 'a'\ngetattr(os, name)", 3, "os.?"),
        ("eval('1')", 1, "eval"),
        (
            "().__class__.__base__.__subclasses__()",
            1,
            "__subclasses__",
        ),
        (
            "import operator\noperator.attrgetter('__globals__')",
            2,
            "__globals__",
        ),
        (
            "import urllib\nurllib.request.urlopen('x')",
            2,
            "urllib.request",
        ),
        (
            "from urllib import request\nrequest.urlopen('x')",
            1,
            "urllib.request",
        ),
        ("import socket\nsocket.socket()", 1, "socket"),
        ("import os\nos.execv('a', [])", 2, "os.execv"),
        (
            "import concurrent.futures as f\nf.ThreadPoolExecutor()",
            2,
            "concurrent.futures.ThreadPoolExecutor",
        ),
    ];
    for (code, line, what) in cases {
        assert_eq!(found(code), [(line, what.to_owned())], "{code}");
    }
}

#[test]
fn what_only_looks_like_it_is_allowed() {
    for code in [
        "x = [1]\nx.remove(1)",
        "import pandas as pd\ndf = pd.DataFrame()\ndf.eval('a + b').rename(columns={})",
        "import re\nre.compile('x')",
        "code = 'x'\nsocket = code.strip()\nsocket.lower()",
        "import os\nos.makedirs('a', exist_ok=True)\nprint(os.listdir(), os.path.join('a', 'b'))",
        "import numpy as np\nname = 'sum'\ngetattr(np, name)([1])",
        "import urllib.parse\nurllib.parse.quote('x')",
        "import gc, sys\ngc.collect()\nprint(sys.version, file=sys.stderr)\nsys.exit()",
        "# os.remove('a')\nprint('os.remove')",
        "\u{feff}print('é')",
        "print('\\d')",
        "a = b\nb = a\na = a.a\na.a",
    ] {
        assert_eq!(found(code), [], "{code}");
    }
}

#[test]
fn broken_code_is_not_refused_and_says_its_line() {
    let checked = check("x = 1\nif x\n    x");
    assert_eq!(
        checked.error.as_deref(),
        Some("SyntaxError: expected ':' (line 2)")
    );
    assert!(!checked.valid && checked.refusal().is_none());
    assert!(check("a\0").error.unwrap().starts_with("SyntaxError: "));
}

#[test]
fn what_is_nested_too_deeply_is_refused() {
    for code in [
        format!("{}1", "-".repeat(200_000)),
        format!("a{}", ".a".repeat(50_000)),
    ] {
        let checked = check(&code);
        let error = checked.error.clone().unwrap();
        assert!(
            error.starts_with("RecursionError") || error.starts_with("MemoryError"),
            "{error}"
        );
        let refusal = checked.refusal().unwrap();
        assert!(
            refusal
                .value
                .starts_with("the code could not be looked at: "),
            "{refusal:?}"
        );
    }
}

/// The time is the test: without bounds, each of these takes minutes.
#[test]
fn a_program_that_is_hard_to_look_at_takes_no_longer() {
    let long = format!("import os\nx = 1\nx{}.os.remove('a')", ".a".repeat(500));
    assert_eq!(found(&long), [(3, "os.remove".to_owned())]);
    let mut many = "import os\n".to_owned();
    for number in 0..5_000 {
        many.push_str(&format!("o = a{number} = a{}\no.b.c\n", number + 1));
    }
    assert_eq!(
        found(&(many + "o = os\no.remove('a')")),
        [(10_003, "os.remove".to_owned())]
    );
}

#[test]
fn nothing_forbids_nothing() {
    let output = output("import os\nos.remove('a')\neval('1')", NOTHING);
    let checked = Checked::parse(&String::from_utf8_lossy(&output.stdout)).unwrap();
    assert!(checked.valid && checked.refusal().is_none(), "{checked:?}");
}

#[test]
fn a_policy_that_is_none_checks_nothing() {
    for policy in [
        "",
        "{}",
        "[]",
        r#"{"rules": [{"import": ["os"], "reason": "x"}]}"#,
        r#"{"rules": [{"imports": ["os"]}]}"#,
    ] {
        let output = output("1", policy);
        assert!(
            !output.status.success() && output.stdout.is_empty(),
            "{policy}"
        );
    }
}

#[test]
fn a_refusal_names_a_few_lines() {
    let code = "import os\n".to_owned() + &"os.remove('a')\n".repeat(7);
    let refusal = check(&code).refusal().unwrap();
    let reason = "it deletes or cuts off files of the session";
    let lines = (2..7).map(|line| format!("line {line}: os.remove is not allowed: {reason}"));
    let lines = lines.collect::<Vec<_>>().join("; ");
    assert_eq!(
        (refusal.name.as_str(), refusal.value),
        ("Refused", format!("{lines}; and 2 more"))
    );
}
