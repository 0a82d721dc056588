//! The Python side: the sources that go into the image, and how a program is handed to it.

use service::program::{ENVIRONMENT, literal};
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

/// Which packages an image has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packages {
    /// All that the interpreter came with.
    All,
    /// None but the standard library's: for a component that has to be small.
    Standard,
}

impl Packages {
    fn preload(self) -> &'static [&'static str] {
        match self {
            Self::All => PRELOAD,
            Self::Standard => {
                let packages = PRELOAD.iter().position(|name| *name == "numpy");
                &PRELOAD[..packages.unwrap_or(PRELOAD.len())]
            }
        }
    }
}

/// The source that has an interpreter print which modules are its own.
pub(super) const LIST_STANDARD: &str =
    "import json, sys\nprint(json.dumps(sorted(sys.stdlib_module_names)), flush=True)";

/// The source that makes a bare interpreter into the image.
pub(super) fn prepare(packages: Packages) -> String {
    let preload = serde_json::to_string(packages.preload()).expect("strings serialise");
    let environment: std::collections::BTreeMap<_, _> = ENVIRONMENT.iter().copied().collect();
    let environment = serde_json::to_string(&environment).expect("strings serialise");
    format!(
        "RUNNER = {}\nPRELOAD = {preload}\nENVIRONMENT = {environment}\n{PREPARE}",
        literal(RUNNER)
    )
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
