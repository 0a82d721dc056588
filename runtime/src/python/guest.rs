//! The Python side: the sources that go into the image, and how a program is handed to it.

use api::python::RunRequest;
use serde::Serialize;
use wasmtime::{Error, Instance, Memory, Result, Store};

/// Builds the image.
pub(super) const PREPARE: &str = include_str!("../../guest/prepare.py");
/// Runs one program in it.
pub(super) const RUNNER: &str = include_str!("../../guest/runner.py");

/// What is imported while the image is built, so that importing it in a run costs nothing.
///
/// An instance pays for the pages it writes, not for what the image holds; measured for this list in
/// the README. A package is left out if importing it has effects that a program could tell.
pub(super) const PRELOAD: &[&str] = &[
    // The standard library, as far as short programs use it.
    "abc",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "base64",
    "bisect",
    "calendar",
    "cmath",
    "collections",
    "collections.abc",
    "concurrent.futures",
    "configparser",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "email",
    "enum",
    "fnmatch",
    "fractions",
    "functools",
    "getpass",
    "glob",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "html.parser",
    "http.client",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "locale",
    "logging",
    "math",
    "mimetypes",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "pprint",
    "queue",
    "random",
    "re",
    "secrets",
    "shlex",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tomllib",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib.parse",
    "urllib.request",
    "uuid",
    "warnings",
    "weakref",
    "xml.etree.ElementTree",
    "zipfile",
    "zlib",
    "zoneinfo",
    // The scientific stack and what programs read and write files with.
    "numpy",
    "numpy.fft",
    "numpy.linalg",
    "numpy.random",
    "numpy.testing",
    "pandas",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.animation",
    "matplotlib.dates",
    "matplotlib.patches",
    "matplotlib.ticker",
    "mpl_toolkits.mplot3d",
    "PIL.Image",
    "PIL.ImageDraw",
    "PIL.ImageFont",
    "PIL.ImageFilter",
    "openpyxl",
    "xlsxwriter",
    "yaml",
    "bs4",
    "lxml.etree",
    "lxml.html",
    "jinja2",
    "tabulate",
    "dateutil.parser",
    "regex",
    "scipy",
    "scipy.cluster",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.linalg",
    "scipy.ndimage",
    "scipy.optimize",
    "scipy.signal",
    "scipy.sparse",
    "scipy.sparse.linalg",
    "scipy.spatial",
    "scipy.special",
    "scipy.stats",
    "sklearn",
    "sklearn.cluster",
    "sklearn.datasets",
    "sklearn.decomposition",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.neighbors",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.svm",
    "sklearn.tree",
    "sympy",
    "networkx",
    "seaborn",
    "statsmodels.api",
];

/// The environment of every program: nothing of the host's.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOME", "/workspace"),
    ("LANG", "C.UTF-8"),
    ("MPLBACKEND", "agg"),
    ("MPLCONFIGDIR", "/tmp"),
    ("PWD", "/workspace"),
    ("TMPDIR", "/tmp"),
    ("TZ", "UTC"),
    ("USER", "python"),
];

/// What `runner.py` is told.
#[derive(Serialize)]
struct Spec<'a> {
    code: &'a str,
    /// The script's path, as tracebacks show it.
    script: String,
    figure_prefix: String,
}

/// The source that makes the image's runner run a program.
pub(super) fn turn(request: &RunRequest) -> String {
    let stem = request
        .script_name
        .strip_suffix(".py")
        .unwrap_or(&request.script_name);
    let spec = Spec {
        code: &request.code,
        script: format!("/workspace/{}", request.script_name),
        figure_prefix: format!("figure_{}", stem.strip_prefix("script_").unwrap_or(stem)),
    };
    let spec = serde_json::to_string(&spec).expect("strings serialise");
    format!("import _vivarium\n_vivarium.run({})", literal(&spec))
}

/// The source that makes an instance differ from the image in what must differ.
pub(super) const RENEW: &str = "import _vivarium\n_vivarium.renew()";

/// The source that makes a bare interpreter into the image.
pub(super) fn prepare() -> String {
    let preload = serde_json::to_string(PRELOAD).expect("strings serialise");
    let environment: std::collections::BTreeMap<_, _> = ENVIRONMENT.iter().copied().collect();
    let environment = serde_json::to_string(&environment).expect("strings serialise");
    format!(
        "RUNNER = {}\nPRELOAD = {preload}\nENVIRONMENT = {environment}\n{PREPARE}",
        literal(RUNNER)
    )
}

/// A Python string literal. JSON's is one: its escapes mean the same in Python.
fn literal(text: &str) -> String {
    serde_json::to_string(text).expect("strings serialise")
}

/// Gives the interpreter source to execute, as a notebook gives it a cell. The answer is the
/// interpreter's own status and says nothing of programs.
pub(super) async fn call_turn<T: Send + 'static>(
    store: &mut Store<T>,
    instance: &Instance,
    source: &str,
) -> Result<i32> {
    let length = i32::try_from(source.len())?;
    let alloc = instance.get_typed_func::<i32, i32>(&mut *store, "host_alloc")?;
    let turn = instance.get_typed_func::<(i32, i32), i32>(&mut *store, "turn")?;
    let memory = memory(store, instance)?;
    let at = alloc.call_async(&mut *store, length).await?;
    memory.write(&mut *store, at as u32 as usize, source.as_bytes())?;
    turn.call_async(&mut *store, (at, length)).await
}

/// The interpreter's linear memory.
pub(super) fn memory<T: 'static>(store: &mut Store<T>, instance: &Instance) -> Result<Memory> {
    instance
        .get_memory(store, "memory")
        .ok_or_else(|| Error::msg("the image exports no memory"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_string_is_a_python_literal() {
        assert_eq!(literal("a\"b\\c\n\u{0}é😀"), r#""a\"b\\c\n\u0000é😀""#);
    }
}
