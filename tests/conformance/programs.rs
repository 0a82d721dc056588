//! Programs: what they print, show, leave and end with.

use api::python::{MimeBundle, RunRequest};
use serde_json::{Value, json};

use super::both;
use crate::harness::{run_request, unique};

/// All of a run that does not depend on when and where it ran.
fn told(session: &str, request: &RunRequest) -> (Value, Value) {
    both(|service| {
        let ran = service.start_request(session, request).finish();
        let mut finished = serde_json::to_value(&ran.finished).unwrap();
        for field in ["code_ms", "peak_memory_bytes"] {
            // Zero where nothing ran.
            finished[field] = json!(finished[field].as_f64().is_some_and(|n| n > 0.0));
        }
        for file in finished["files"].as_array_mut().unwrap() {
            file["modified"] = json!("…");
        }
        let results: Vec<_> = ran.results.into_iter().map(without_images).collect();
        json!({
            "stdout": ran.stdout, "stderr": ran.stderr, "results": results, "finished": finished,
        })
    })
}

/// A figure is the same picture, and its bytes are not compared.
fn without_images(bundle: MimeBundle) -> MimeBundle {
    let shown = bundle.into_iter().map(|(media_type, value)| {
        let is_image = media_type.starts_with("image/");
        let value = if is_image { "…".to_owned() } else { value };
        (media_type, value)
    });
    shown.collect()
}

#[track_caller]
fn alike_with(session: &str, request: &RunRequest) -> Value {
    let (native, component) = told(session, request);
    assert_eq!(
        native, component,
        "\nnatively, and as a component:\n{}",
        request.code
    );
    native
}

#[track_caller]
fn alike(code: &str) -> Value {
    alike_with(&unique("alike"), &run_request(code))
}

#[test]
fn what_is_printed_and_shown() {
    for code in [
        "print('hi')",
        "import sys; print('out'); print('err', file=sys.stderr)",
        "import sys; sys.stdout.buffer.write(b'a\\xff\\xe2\\x82\\xac')",
        "for i in range(3000): print(i)",
        "40 + 2",
        "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
        "import numpy as np; print(np.arange(6).reshape(2, 3) @ np.ones((3, 2)))",
        "print(sum(1 for line in open('/usr/local/lib/python315.zip', 'rb')) > 0)",
        "import matplotlib; print(matplotlib.get_data_path()); import pydoc_data.topics, this",
    ] {
        alike(code);
    }
}

#[test]
fn figures_are_shown_and_kept() {
    let told = alike("import matplotlib.pyplot as plt; plt.plot([1, 4, 9]); plt.title('title')");
    assert_eq!(
        told["finished"]["files"][0]["path"], "figure_test_1.png",
        "{told}"
    );
}

#[test]
fn how_programs_end() {
    for code in [
        "1 / 0",
        "def f():\n    raise ValueError('no')\nf()",
        "import sys; sys.exit(3)",
        "import sys; sys.exit('words')",
        "import os; print('before', flush=True); os._exit(4)",
        "print(",
        "raise KeyboardInterrupt",
        "import atexit; atexit.register(print, 'at exit')",
        "input()",
        "def f(n): return f(n + 1)\nf(0)",
        "import pandas as pd; pd.DataFrame({'a': [1]})['b']",
        "open('missing')",
    ] {
        alike(code);
    }
}

#[test]
fn limits() {
    let request = |code: &str| run_request(code);
    alike_with(
        &unique("memory"),
        &RunRequest {
            memory_bytes: 300 << 20,
            ..request("x = [bytes(1 << 20) for _ in range(200)]")
        },
    );
    alike_with(
        &unique("too-little-memory"),
        &RunRequest {
            memory_bytes: 1 << 20,
            ..request("print('never')")
        },
    );
    alike_with(
        &unique("output"),
        &RunRequest {
            max_output_bytes: 100,
            ..request("print('x' * 1000)\nprint('y' * 10)")
        },
    );
    alike_with(
        &unique("sleep"),
        &RunRequest {
            timeout_ms: 300,
            ..request("open('kept', 'w').write('x')\nimport time; time.sleep(60)")
        },
    );
    alike_with(
        &unique("bytes"),
        &RunRequest {
            workspace_max_bytes: 1 << 20,
            ..request(
                "open('a', 'wb').write(b'a' * (1 << 19))\nopen('b', 'wb').write(b'b' * (1 << 20))",
            )
        },
    );
    alike_with(
        &unique("files"),
        &RunRequest {
            workspace_max_files: 5,
            ..request("for i in range(9): open(f'{i}', 'w').close()")
        },
    );
    alike("import os\nopen_files = [open('f', 'w') for _ in range(300)]");
}

/// A session's files from run to run: what one program leaves, the next one finds.
#[test]
fn files_from_run_to_run() {
    let session = unique("files");
    let mut number = 0;
    for code in [
        "open('a.txt', 'w').write('one')",
        "print(open('a.txt').read()); open('a.txt', 'a').write(' two')",
        "import os; os.makedirs('x/y'); os.rename('a.txt', 'x/y/b.txt'); print(sorted(os.listdir()))",
        "import os; os.symlink('x/y/b.txt', 'link'); print(open('link').read(), os.readlink('link'))",
        "import os; print(os.path.islink('link'), os.stat('link').st_size, os.lstat('x').st_mode & 0o170000)",
        "import os; open('one', 'w').write('x'); os.link('one', 'other'); print(os.stat('other').st_nlink)",
        "with open('sparse', 'wb') as f: f.seek(100_000); f.write(b'end')",
        "import os; print(os.path.getsize('sparse'), open('sparse', 'rb').read().count(0))",
        "import os; os.truncate('sparse', 10); print(os.path.getsize('sparse'))",
        "import shutil; shutil.copytree('x', 'z'); shutil.rmtree('x'); print(open('z/y/b.txt').read())",
        "import os\nfor base, folders, files in sorted(os.walk('.')): print(base, sorted(folders), len(files))",
        "import sqlite3; c = sqlite3.connect('db'); c.execute('create table t (a)'); c.execute('insert into t values (7)'); c.commit()",
        "import sqlite3; print(sqlite3.connect('db').execute('select a from t').fetchall())",
        "import pandas as pd; pd.DataFrame({'a': range(3)}).to_csv('t.csv', index=False); print(pd.read_csv('t.csv').a.sum())",
        "import pandas as pd; pd.DataFrame({'a': range(3)}).to_excel('t.xlsx', index=False); print(pd.read_excel('t.xlsx').a.sum())",
        "import tempfile; f = tempfile.NamedTemporaryFile('w+'); f.write('x'); f.seek(0); print(f.read(), f.name.startswith('/tmp/'))",
        "import os; print(os.listdir('/tmp'))",
        "import os\nfor name in ('../x', '/etc/passwd', '/workspace/../x'):\n    try: open(name)\n    except OSError as error: print(name, error.errno)",
        "import os\ntry: os.symlink('/etc/passwd', 'out')\nexcept OSError as error: print(error.errno)",
        "import os\ntry: os.rmdir('z')\nexcept OSError as error: print(error.errno)",
        "import os\ntry: os.mkdir('z')\nexcept OSError as error: print(error.errno)",
        "import os\ntry: open('z')\nexcept OSError as error: print(error.errno)",
        "import mmap, os; print(os.getcwd(), os.environ['HOME'], os.path.exists('/usr'))",
        "import os; os.utime('t.csv', (1, 2)); print(os.stat('t.csv').st_mtime)",
    ] {
        number += 1;
        let script_name = format!("script_{number}.py");
        alike_with(
            &session,
            &RunRequest {
                script_name,
                ..run_request(code)
            },
        );
    }
}

#[test]
fn runs_that_leave_nothing() {
    let session = unique("scratch");
    let scratch = |code: &str| RunRequest {
        scratch: true,
        ..run_request(code)
    };
    let read_only = |code: &str| RunRequest {
        read_only: true,
        ..run_request(code)
    };
    alike_with(&session, &run_request("open('a', 'w').write('x')"));
    let list = "import os; print(sorted(os.listdir()))";
    alike_with(&session, &scratch(list));
    alike_with(&session, &scratch("open('b', 'w').write('x')"));
    alike_with(&session, &read_only(list));
    alike_with(&session, &read_only("print(open('a').read())"));
    for change in [
        "open('b', 'w')",
        "open('a', 'a')",
        "import os; os.remove('a')",
        "import os; os.mkdir('c')",
    ] {
        alike_with(&session, &read_only(change));
    }
    alike_with(&session, &run_request(list));
}

#[test]
fn two_runs_share_no_state() {
    let session = unique("state");
    let set = "import builtins, sys; builtins.leak = 1; sys.modules['leak'] = sys; open('/tmp/leak', 'w').write('x')";
    alike_with(&session, &run_request(set));
    let look = "import builtins, os, sys; print(hasattr(builtins, 'leak'), 'leak' in sys.modules, os.listdir('/tmp'))";
    let told = alike_with(&session, &run_request(look));
    assert_eq!(told["stdout"], "False False []\n");
    let (native, component) = both(|service| {
        let random = "import random, uuid, secrets, numpy; print(random.random(), uuid.uuid4(), secrets.token_hex(), numpy.random.random())";
        (service.run(random).stdout, service.run(random).stdout)
    });
    assert_ne!(native.0, native.1);
    assert_ne!(component.0, component.1);
}
