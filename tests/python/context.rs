//! What is said of DataFrames beside an error about a column.

use api::python::PythonError;

use crate::harness::PythonService;

#[track_caller]
fn error(code: &str) -> PythonError {
    let ran = PythonService::shared().run(code);
    match &ran.finished.error {
        Some(error) => error.clone(),
        None => panic!("it did not fail: {ran:?}"),
    }
}

const SALES: &str = "import pandas as pd\nsales = pd.DataFrame({'region': ['a', 'b'], 2024: [1, 2], ('x', 'y'): 0})\n";
const CONTEXT: &str =
    "the DataFrame `sales` has the columns ['region', 2024, \"('x', 'y')\"] (2 rows)\n";

#[test]
fn a_missing_column_is_answered_with_the_columns_there_are() {
    for (code, name) in [
        ("sales['amount']", "KeyError"),
        ("sales[['region', 'amount']]", "KeyError"),
        ("sales.sort_values('amount')", "KeyError"),
        ("sales.groupby('amount')", "KeyError"),
        ("sales.groupby('region')['amount']", "KeyError"),
        ("sales.merge(sales, on='amount')", "KeyError"),
        ("sales.amount", "AttributeError"),
        ("def f():\n    sales['amount']\nf()", "KeyError"),
        (
            "def f(frame):\n    try:\n        frame['amount']\n    finally:\n        frame = None\nf(sales)",
            "KeyError",
        ),
    ] {
        let error = error(&format!("{SALES}{code}"));
        assert_eq!(
            (error.name.as_str(), error.context.as_str()),
            (name, CONTEXT),
            "{code}"
        );
    }
}

#[test]
fn it_is_not_in_the_traceback() {
    let error = error(&format!("{SALES}sales['amount']"));
    assert!(
        error.traceback.ends_with("KeyError: 'amount'\n"),
        "{error:?}"
    );
    assert!(!error.traceback.contains("the DataFrame"), "{error:?}");
    assert_eq!(error.value, "'amount'");
}

#[test]
fn the_innermost_frames_come_first_and_there_are_at_most_five() {
    let code = "import pandas as pd\nframes = a, b, c, d, e, f = [pd.DataFrame({n: []}) for n in 'abcdef']\ndef g(inner):\n    inner['x']\ng(f)";
    let context = error(code).context;
    let lines: Vec<_> = context.lines().collect();
    assert_eq!(lines.len(), 5, "{context}");
    assert_eq!(
        lines[..2],
        [
            "the DataFrame `inner` has the columns ['f'] (0 rows)",
            "the DataFrame `a` has the columns ['a'] (0 rows)",
        ]
    );
}

#[test]
fn many_and_long_columns_are_bounded() {
    let code = "import pandas as pd\nwide = pd.DataFrame(columns=[f'c{i}' for i in range(1000)])\nwide['x']";
    let context = error(code).context;
    assert!(
        context.ends_with("'c38', 'c39'] and 960 more (0 rows)\n"),
        "{context}"
    );
    let code = "import pandas as pd\na = pd.DataFrame(columns=['c' * 10**7])\nb = pd.DataFrame(columns=[c * 200 for c in 'abcdefghijklmnopqrstuvwxyz'])\na['x']";
    let context = error(code).context;
    assert!(!context.is_empty() && context.len() <= 4096, "{context}");
}

#[test]
fn other_errors_have_none() {
    for code in [
        "{}['a']",
        "values = {'a': 1}\nvalues['b']",
        "object().amount",
        "sales.iloc[0, 9]",
        "1 / 0",
        // Caught, and something else is wrong then.
        "try:\n    sales['amount']\nexcept KeyError:\n    pass\nraise ValueError",
    ] {
        assert_eq!(error(&format!("{SALES}{code}")).context, "", "{code}");
    }
}

#[test]
fn what_goes_wrong_in_making_it_does_no_harm() {
    for code in [
        "class C:\n    def __str__(self): raise SystemExit(3)\n    __repr__ = __str__\nsales.columns = [C(), 1, 2]\nsales['amount']",
        "class F(pd.DataFrame):\n    @property\n    def columns(self): raise SystemExit(3)\nother = F()\nsales['amount']",
        "import sys\nlook = sales.__getitem__\ndel sys.modules['pandas']\nlook('amount')",
    ] {
        let error = error(&format!("{SALES}{code}"));
        assert_eq!(
            (error.name.as_str(), error.context.as_str()),
            ("KeyError", ""),
            "{code}"
        );
    }
}
