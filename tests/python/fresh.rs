//! Each run starts afresh, with what is its own.

use jiff::Timestamp;

use crate::harness::{Server, ToolReply};

/// What two runs of the same program print.
fn twice(code: &str) -> [String; 2] {
    let server = Server::shared();
    let stdout = |reply: ToolReply| reply.succeeded().data.stdout.clone();
    [stdout(server.run(code)), stdout(server.run(code))]
}

#[test]
fn two_runs_never_share_random_state() {
    for code in [
        "import random; print(random.random())",
        "import random; print(random.Random().random())",
        "import numpy as np; print(np.random.rand())",
        "import numpy as np; print(np.random.default_rng().random())",
        "import uuid; print(uuid.uuid4())",
        "import uuid; print(uuid.uuid1())",
        "import secrets; print(secrets.token_hex())",
        "import os; print(os.urandom(16))",
        "import tempfile; print(tempfile.mktemp())",
        "import random; random.shuffle(all := list(range(100))); print(all)",
        "import pandas as pd; print(pd.Series(range(1000)).sample(5).tolist())",
        "import scipy.stats; print(scipy.stats.norm.rvs())",
    ] {
        let [one, two] = twice(code);
        assert_ne!(one, two, "{code}");
    }
}

#[test]
fn a_seed_gives_the_same_numbers() {
    for code in [
        "import random; random.seed(1); print(random.random())",
        "import numpy as np; np.random.seed(1); print(np.random.rand())",
        "import numpy as np; print(np.random.default_rng(1).random())",
    ] {
        let [one, two] = twice(code);
        assert_eq!(one, two, "{code}");
    }
}

#[test]
fn no_name_survives_a_run() {
    let session = Server::shared().session();
    session
        .run("import json, builtins\nx = 1\njson.mine = 1\nbuiltins.mine = 1")
        .succeeded();
    session
        .run("import json, builtins\nprint('x' in globals(), hasattr(json, 'mine'), hasattr(builtins, 'mine'))")
        .prints("False False False\n");
}

#[test]
fn the_time_is_now() {
    for code in [
        "import time; print(time.time())",
        "from datetime import datetime; print(datetime.now().timestamp())",
    ] {
        let before = Timestamp::now();
        let reply = Server::shared().run(code).succeeded();
        let after = Timestamp::now();
        let seconds: f64 = reply.data.stdout.trim().parse().unwrap();
        let seconds = seconds..=seconds;
        let whole = |time: Timestamp| time.as_microsecond() as f64 / 1e6;
        assert!(
            *seconds.start() >= whole(before) - 0.001 && *seconds.end() <= whole(after) + 0.001,
            "\n{reply}"
        );
    }
}

#[test]
fn clocks_go_on_during_a_run() {
    let code = "import time\na, b = time.monotonic(), time.perf_counter()\ntime.sleep(0.05)\nprint(time.monotonic() - a >= 0.05, time.perf_counter() - b >= 0.05, time.process_time() >= 0)";
    Server::shared().run(code).prints("True True True\n");
}

#[test]
fn a_program_is_a_script() {
    let reply = Server::shared()
        .run("import sys\nprint(__name__, sys.argv == [__file__], __file__.startswith('/workspace/script_'), sys.argv[1:])")
        .prints("__main__ True True []\n");
    assert!(
        reply
            .data
            .files
            .keys()
            .any(|path| path.starts_with("script_")),
        "\n{reply}"
    );
}

#[test]
fn what_only_runs_as_a_script_runs() {
    Server::shared()
        .run("def main(): print('main')\nif __name__ == '__main__': main()")
        .prints("main\n");
}

#[test]
fn the_folder_is_the_workspace_and_tmp_is_the_runs_own() {
    let session = Server::shared().session();
    session
        .run("import os, tempfile\nprint(os.getcwd(), tempfile.gettempdir())\nopen('/tmp/gone', 'w').write('x')\nprint(os.listdir('/tmp'))")
        .prints("/workspace /tmp\n['gone']\n");
    session
        .run("import os; print(os.listdir('/tmp'))")
        .prints("[]\n");
}

#[test]
fn a_module_in_the_workspace_can_be_imported() {
    let session = Server::shared().session();
    session
        .put("files/helper.py", "def greet(): return 'hello'\n")
        .expect(201);
    session
        .run("import helper; print(helper.greet())")
        .prints("hello\n");
    session
        .put("files/helper.py", "def greet(): return 'changed'\n")
        .expect(200);
    session
        .run("import helper; print(helper.greet())")
        .prints("changed\n");
}

#[test]
fn the_heap_that_a_run_begins_with_is_sound() {
    // What the image freed is the allocator's, in lists of every size: a program that asks for all sizes, and
    // gives them back in another order, comes by what was freed.
    let code = "import gc, random\n\
                kept = {}\n\
                for size in list(range(1, 4096, 8)) * 8 + [2 ** n for n in range(12, 22)] * 4:\n\
                \x20   kept[len(kept)] = bytearray(size)\n\
                \x20   kept[len(kept)] = [None] * size if size < 4096 else {size: [size]}\n\
                for key in random.sample(sorted(kept), len(kept) // 2):\n\
                \x20   del kept[key]\n\
                gc.collect()\n\
                kept.update((-n, str(n) * (n % 97)) for n in range(20_000))\n\
                exec(compile('\\n'.join(f'def f{n}(a, b=({n}, {n})): return [a, b, {{n: a for n in b}}]' for n in range(500)), 'x', 'exec'))\n\
                print(f499(1)[2], sum(len(value) for value in kept.values()) > 0)";
    assert_eq!(
        Server::shared().run(code).succeeded().data.stdout,
        "{499: 1} True\n"
    );
}
