//! Other sessions: their workspaces, their `/tmp`, what they left in the interpreter.

use super::{SECRET, server};
use crate::harness::unique;

/// A session with a secret in its workspace, and the program of another that looks for it.
#[track_caller]
fn looks_for_another_sessions_file(code: impl Fn(&str) -> String, prints: &str) {
    let server = server();
    let (victim, intruder) = (
        server.session_called(&unique("victim")),
        server.session_called(&unique("intruder")),
    );
    victim
        .run(&format!(
            "open('secret.txt', 'w').write({SECRET:?})\nprint(open('secret.txt').read())"
        ))
        .prints(&format!("{SECRET}\n"));
    let code = format!("{}{}", super::PRELUDE, code(victim.id()));
    let reply = intruder.run(&code);
    assert!(
        !reply.data.stdout.contains(SECRET) && !reply.data.stderr.contains(SECRET),
        "\n{reply}"
    );
    reply.prints(prints);
    assert_eq!(victim.get("files/secret.txt").expect(200).text(), SECRET);
}

#[test]
fn by_a_relative_path() {
    looks_for_another_sessions_file(
        |id| {
            format!(
                "print(denied(open, '../{id}/secret.txt'), denied(open, '/workspace/../{id}/secret.txt'))"
            )
        },
        "PermissionError 63 PermissionError 63\n",
    );
}

#[test]
fn by_the_path_on_the_host() {
    let scratch = server().data_file("scratch").display().to_string();
    looks_for_another_sessions_file(
        |id| {
            format!(
                "print(denied(open, '{scratch}/{id}/secret.txt'), denied(open, 'data/scratch/{id}/secret.txt'), denied(open, '/data/scratch/{id}/secret.txt'))"
            )
        },
        "FileNotFoundError 44 FileNotFoundError 44 FileNotFoundError 44\n",
    );
}

#[test]
fn by_a_link() {
    looks_for_another_sessions_file(
        |id| {
            format!(
                "import os\nos.symlink('../{id}', 'them')\nos.symlink('../{id}/secret.txt', 'it')\nprint(denied(os.listdir, 'them'), denied(open, 'them/secret.txt'), denied(open, 'it'), denied(open, 'it', 'w'))"
            )
        },
        "PermissionError 63 PermissionError 63 PermissionError 63 PermissionError 63\n",
    );
}

#[test]
fn by_looking_around() {
    looks_for_another_sessions_file(
        |_| {
            "import glob, os\nprint(glob.glob('/**/secret.txt', recursive=True), glob.glob('../**/secret.txt', recursive=True), denied(os.listdir, '..'))".to_owned()
        },
        "[] [] PermissionError 63\n",
    );
}

#[test]
fn by_its_session_id_in_a_request() {
    let server = server();
    let victim = server.session_called(&unique("victim"));
    victim.put("files/secret.txt", SECRET).expect(201);
    let intruder = server.session_called(&unique("intruder"));
    intruder.run("print('begins')").succeeded();
    for path in [
        format!("files/../../{}/files/secret.txt", victim.id()),
        format!("files/..%2f{}%2fsecret.txt", victim.id()),
        format!("files/%2e%2e/{}/secret.txt", victim.id()),
    ] {
        let reply = intruder.get(&path);
        assert!(
            matches!(reply.status(), 400 | 404) && !reply.text().contains(SECRET),
            "{path}\n{reply}"
        );
    }
    for id in ["..", "../victim", ".", "/", "victim/..", "%2e%2e"] {
        server.tool("print(1)").session(id).reply().expect(400);
    }
}

#[test]
fn by_what_it_left_in_the_interpreter() {
    let server = server();
    server.run(&format!("import sys, builtins, json, os\nsys.modules['left'] = builtins.left = json.left = {SECRET:?}\nos.environ['LEFT'] = 'x'")).succeeded();
    server
        .run("import sys, builtins, json, os\nprint('left' in sys.modules, hasattr(builtins, 'left'), hasattr(json, 'left'), 'LEFT' in os.environ)")
        .prints("False False False False\n");
}

#[test]
fn by_what_it_left_in_memory() {
    let server = server();
    for _ in 0..8 {
        server
            .run(&format!("x = [{SECRET:?} + str(i) for i in range(10**5)]"))
            .succeeded();
    }
    // Uninitialised memory is what another run could have left.
    let code = "import numpy as np\nneedle = b'nothing inside ' + b'may read'\nprint(any(needle in np.empty(64 << 20, dtype=np.uint8).tobytes() for _ in range(2)))";
    server.run(code).prints("False\n");
}

#[test]
fn by_what_it_left_in_tmp() {
    let server = server();
    server.run("open('/tmp/left', 'w').write('x')").succeeded();
    server
        .run("import os; print(os.listdir('/tmp'))")
        .prints("[]\n");
}

#[test]
fn by_being_run_at_the_same_time() {
    let server = server();
    std::thread::scope(|scope| {
        let code = |mine: &str| {
            format!(
                "import os, time\nopen('/tmp/mine', 'w').write('{mine}')\nopen('mine', 'w').write('{mine}')\ntime.sleep(0.2)\nprint(open('/tmp/mine').read(), open('mine').read(), os.listdir('/tmp'))"
            )
        };
        let one = scope.spawn(move || server.run(&code("one")));
        let two = scope.spawn(move || server.run(&code("two")));
        one.join().unwrap().prints("one one ['mine']\n");
        two.join().unwrap().prints("two two ['mine']\n");
    });
}
