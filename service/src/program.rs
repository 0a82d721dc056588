//! How a program is handed to the interpreter of the image.

use api::python::RunRequest;
use serde::Serialize;

/// The arguments of the interpreter itself.
pub const ARGUMENTS: &[&str] = &["python"];

/// The environment of every program: nothing of the host's.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOME", "/workspace"),
    ("LANG", "C.UTF-8"),
    ("MPLBACKEND", "agg"),
    ("MPLCONFIGDIR", "/tmp"),
    ("PWD", "/workspace"),
    ("TMPDIR", "/tmp"),
    ("TZ", "UTC"),
    ("USER", "python"),
];

/// The folders that the interpreter was given, in this order, which is part of the image: wasi-libc keeps its table of
/// them in memory.
pub const FOLDERS: [&str; 4] = [LIB, MPL_DATA, WORKSPACE, TMP];
/// Has `python315.zip`, the standard library and the packages; read-only.
pub const LIB: &str = "/usr/local/lib";
/// matplotlib's data, which it wants as files; read-only.
pub const MPL_DATA: &str = "/usr/local/lib/python315.zip/matplotlib/mpl-data";
/// The session's files.
pub const WORKSPACE: &str = "/workspace";
/// The run's own.
pub const TMP: &str = "/tmp";

/// The source that makes an instance differ from the image in what must differ.
pub const RENEW: &str = "import _vivarium\n_vivarium.renew()";

/// What `runner.py` is told.
#[derive(Serialize)]
struct Spec<'a> {
    code: &'a str,
    /// The script's path, as tracebacks show it.
    script: String,
    figure_prefix: String,
}

/// The source that makes the image's runner run a program.
pub fn turn(request: &RunRequest) -> String {
    let stem = request
        .script_name
        .strip_suffix(".py")
        .unwrap_or(&request.script_name);
    let spec = Spec {
        code: &request.code,
        script: format!("{WORKSPACE}/{}", request.script_name),
        figure_prefix: format!("figure_{}", stem.strip_prefix("script_").unwrap_or(stem)),
    };
    let spec = serde_json::to_string(&spec).expect("strings serialise");
    format!("import _vivarium\n_vivarium.run({})", literal(&spec))
}

/// The same for an instance that was not made to differ before: one turn costs less than two.
pub fn first_turn(request: &RunRequest) -> String {
    format!("{RENEW}\n{}", turn(request))
}

/// A Python string literal. JSON's is one: its escapes mean the same in Python.
pub fn literal(text: &str) -> String {
    serde_json::to_string(text).expect("strings serialise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_string_is_a_python_literal() {
        assert_eq!(literal("a\"b\\c\n\u{0}é😀"), r#""a\"b\\c\n\u0000é😀""#);
    }
}
