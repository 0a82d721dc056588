use super::*;

#[track_caller]
fn assert_code(reply: &str, source: &str, done: bool) {
    let expected = Code {
        source: source.to_owned(),
        done,
    };
    assert_eq!(code_in(reply), Some(expected), "{reply}");
}

#[test]
fn a_fence_of_python_is_a_program() {
    let infos = [
        "python",
        "py",
        "python3",
        "Python",
        "PYTHON",
        "",
        "{.python}",
        "repl",
        "pycon",
        "ipython",
        "python title=x",
    ];
    for info in infos {
        for fence in ["```", "````", "~~~"] {
            assert_code(
                &format!("Here:\n\n{fence}{info}\nprint('hi')\n{fence}\nThat's it."),
                "print('hi')",
                false,
            );
        }
    }
}

#[test]
fn fences_in_all_their_shapes() {
    let cases = [
        (
            "1. So:\n   ```python\n   for a in b:\n       print(a)\n   ```",
            "for a in b:\n    print(a)",
        ),
        (
            "```python\nx = 1\n```\nand\n```py\n\ny = 2\n```",
            "x = 1\n\ny = 2",
        ),
        (
            "```bash\nls\n```\n```python\nx = 1\n```\n```text\n1\n```",
            "x = 1",
        ),
        (
            "```python\nprint(6 * 7)\n```\nOutput:\n```\n42\n```",
            "print(6 * 7)",
        ),
        ("```python\nx = 1", "x = 1"),
        ("```python\nx = 1\ny = ", "x = 1\ny ="),
        ("```python\nx = 1```", "x = 1"),
        ("```python\r\nif x:\r\n    y\r\n```\r\n", "if x:\n    y"),
        ("~~~python\ns = '''\n```\n'''\n~~~", "s = '''\n```\n'''"),
        ("````python\ns = '''\n```\n'''\n````", "s = '''\n```\n'''"),
        ("```\n1 + 1\n```", "1 + 1"),
        ("```python\n42\n```", "42"),
        (
            "```python\nthis is not even python\n```",
            "this is not even python",
        ),
        (
            "```python\n>>> x = 1\n>>> for i in x:\n...     f(i)\n...\n```",
            "x = 1\nfor i in x:\n    f(i)",
        ),
        ("```pycon\n>>> 1 + 1\n2\n>>> f()\n```", "1 + 1\nf()"),
        ("```python\ns = '''\n>>> x\n'''\n```", "s = '''\n>>> x\n'''"),
        (
            "```json\n{\"name\": \"python\", \"arguments\": {\"code\": \"x = 1\"}}\n```",
            "x = 1",
        ),
    ];
    for (reply, source) in cases {
        assert_code(reply, source, false);
    }
}

#[test]
fn done_is_the_last_line_behind_the_code() {
    let cases = [
        ("```python\nf()\n```\nDONE", true),
        ("```python\nf()\n```\n\nAll is well.\nDONE.\n\n", true),
        ("```python\nf()\n```\n**DONE**", true),
        ("```python\nf()\n```\n`DONE`\n", true),
        ("```python\nf()\nDONE\n```", true),
        ("```python\nf()\nDONE", true),
        ("f()\nDONE", true),
        ("{\"code\": \"f()\"}\nDONE", true),
        ("DONE\n```python\nf()\n```", false),
        ("```python\nf()\n```\nDONE\nOr is it?", false),
        ("```python\nf()\n```\nDone", false),
        ("```python\nf()\n```\nIt is DONE", false),
        ("```python\nf()\n```\n", false),
        ("DONE\n```python\nf()\n```\n```text\nx\n```", false),
    ];
    for (reply, done) in cases {
        assert_code(reply, "f()", done);
    }
    assert_code(
        "```python\nf()\n```\nDONE\n```python\ng()\n```",
        "f()\n\ng()",
        false,
    );
    assert_code("```python\nDONE = 1\nDONE\n```", "DONE = 1\nDONE", false);
}

#[test]
fn a_reply_without_a_fence_may_be_a_program() {
    for program in ["print('hi')", "import sys\n\nprint(sys.argv)"] {
        assert_code(&format!("\n{program}\n"), program, false);
    }
    assert_code(
        r#"{"name":"python","arguments":{"code":"x = 1\n"}}"#,
        "x = 1",
        false,
    );
    assert_code(r#"{"code":"x = 1"}"#, "x = 1", false);
}

#[test]
fn what_is_no_program_is_none() {
    let cases = [
        "",
        "DONE",
        "The result is 42.",
        "Sure, here it is",
        "Done",
        "I would rather not.",
        "```python\n```",
        "```python\n\n   \n```\nDONE",
        "```python",
        "```bash\nrm -rf /\n```",
        "```json\n{\"x\": 1}\n```",
        "It printed:\n```\nThe sum is 42\n```",
        "It printed:\n```\n42\n```",
        "Use ```f()``` for it.",
        r#"{"name":"weather","arguments":{"city":"Oslo"}}"#,
    ];
    for reply in cases {
        assert_eq!(code_in(reply), None, "{reply}");
    }
}
