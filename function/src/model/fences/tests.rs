use super::*;

/// `python[a|b]` for a block.
fn shown(text: &str) -> Vec<String> {
    let show = |part: Part<'_>| match part {
        Part::Line(line) => line.to_owned(),
        Part::Block(block) => format!("{}[{}]", block.language, block.lines.join("|")),
    };
    parts(text).into_iter().map(show).collect()
}

#[test]
fn blocks_are_found() {
    let cases: [(&str, &[&str]); 21] = [
        ("a\nb", &["a", "b"]),
        ("a\n```python\nx\n\ny\n```\nb", &["a", "python[x||y]", "b"]),
        ("~~~py\nx\n```\n~~~", &["py[x|```]"]),
        ("````\n```\n````", &["[```]"]),
        ("```\nx\n`````\nb", &["[x]", "b"]),
        ("```\nx\n``` \nb", &["[x]", "b"]),
        ("```python\nx", &["python[x]"]),
        ("```python", &["python[]"]),
        ("```python\nx```\nDONE", &["python[x]", "DONE"]),
        (
            "```python\ns = '```'\nt = \"\"\"```",
            &["python[s = '```'|t = \"\"\"```]"],
        ),
        (
            "  ```python\n  if x:\n      y\n z\n  ```",
            &["python[if x:|    y|z]"],
        ),
        ("\t```python\n\tx\n\t```", &["python[x]"]),
        (
            "```python\ns = '''\n    ```\n'''\n```",
            &["python[s = '''|    ```|''']"],
        ),
        ("```python\nx\n   ```\nb", &["python[x]", "b"]),
        ("```python\r\nx\r\n```\r\n", &["python[x]"]),
        ("Say ```x``` and\n```y```", &["Say ```x``` and", "```y```"]),
        ("``` {.Python .numbered}\nx\n```", &["python[x]"]),
        ("```{python}\nx\n```", &["python[x]"]),
        ("```python:main.py\nx\n```", &["python[x]"]),
        ("```Python3 title=\"x\"\nx\n```", &["python3[x]"]),
        ("``\nx\n``", &["``", "x", "``"]),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}
