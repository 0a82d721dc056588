use super::*;

#[test]
fn programs_are_programs() {
    let cases = [
        "print('hi')",
        "print(\"it's\")",
        "x = 5",
        "x += 1",
        "import sys\n\nfor word in ['hi']:\n    print(word)\n",
        "from pathlib import Path\nPath('a').write_text('Well, here it is.')",
        "import numpy as np, os.path",
        "# The sum of all of them\ntotal = sum(range(10))  # isn't it?\ntotal",
        "\"\"\"Says hello to the world!\n\nAnd more; isn't it?\n\"\"\"\nprint('x')",
        "def f(a: int, *b, **c) -> str:\n    return f'{a}' 'b'\n\nf(1)",
        "class A(B):\n    x: int = 3\n\n    @property\n    def y(self):\n        return self.x",
        "if x == 1 and not y:\n    pass\nelif z is not None:\n    g(z)\nelse:\n    h()",
        "while True:\n    break",
        "try:\n    f()\nexcept (A, B) as e:\n    raise C from e\nfinally:\n    g()",
        "with open('a') as f, open('b', 'w') as g:\n    g.write(f.read())",
        "async def f():\n    await g()",
        "match command:\n    case 'go':\n        f()",
        "data = [\n    {'a': 1, 'b': [2, 3]},\n    x if y else z,\n]",
        "x = lambda a: a ** 2",
        "x = 1.5e-3 + 0xff - 10j",
        "df[df['a'] > 3].groupby('b').mean()",
        "(a, b) = 1, 2",
        "if (n := len(a)) > 10: print(n)",
        "x = a if b else \\\n    c",
        "global x; x = 1",
        "größe = 3",
        "text = '''so\nfar",
        "print(f(1,",
        "for i in range(",
        "a.sort(key=lambda x: x[1], reverse=True)",
        "rb'x'.decode()",
        "...\nf()",
    ];
    for text in cases {
        assert!(is_program(text, Surroundings::Reply), "{text}");
        assert!(is_program(text, Surroundings::Fence), "{text}");
    }
}

#[test]
fn prose_is_none() {
    let cases = [
        "",
        "\n",
        "The result is 42.",
        "Sure, here it is",
        "Sure, here it is:",
        "Done",
        "Done.",
        "Done!",
        "DONE",
        "42",
        "3.14",
        "Yes",
        "I am sorry, I can't do that.",
        "I'm done",
        "It's 'x'.",
        "Result: 42",
        "Answer:",
        "Saved (see result.txt).",
        "Saved (finished)",
        "result.txt",
        "Hello, world!",
        "1. First\n2. Second",
        "- item\n- other",
        "* x",
        "a, b, c",
        "If you want, I can import the data = more",
        "for example, this",
        "for example",
        "import the data from the file",
        "with this we are done",
        "return to me",
        "print the result",
        "It ended well. The sum = 3 and print(x) works",
        "I ran print(x).",
        "All tests pass",
        "The file was written to result.txt",
        "What is it?",
        "x is 5",
        "Well-known",
        "**Done**",
        "# Result\n\nThe sum is 42",
        "# Done",
        "{'a': 1}",
        "[1, 2, 3]",
        "Use `print(x)`",
        "a) b) c)",
        "漢字",
        "x = 1\nThat sets x to one.",
        "Here is the code:\nprint('x')",
        "“x = 1”",
        "Price: $5",
        "   a  b\n0  1  2\n1  3  4",
        "try it",
        "!pip install x",
    ];
    for text in cases {
        assert!(!is_program(text, Surroundings::Reply), "{text}");
        assert!(!is_program(text, Surroundings::Fence), "{text}");
    }
}

#[test]
fn arithmetic_is_a_program_only_where_something_marks_it() {
    for text in ["1 + 1", "2 ** 10", "a[0] * 3"] {
        assert!(!is_program(text, Surroundings::Reply), "{text}");
        assert!(is_program(text, Surroundings::Fence), "{text}");
    }
    assert!(!is_program("- 1", Surroundings::Fence));
}
