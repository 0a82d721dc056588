//! The workspace's bytes and files.

use api::python::{Limit, Outcome};

use crate::harness::Server;

const MIB: u64 = 1 << 20;

fn server() -> Server {
    Server::with()
        .variable("python_workspace_max_bytes", 4 * MIB)
        .variable("python_workspace_max_files", 20)
        .start()
}

/// What a program does when it is told that there is no room, in one word.
const CATCH: &str = "import errno, os\ndef attempt(action):\n    try:\n        action()\n        return 'done'\n    except OSError as error:\n        return 'full' if error.errno in (errno.ENOSPC, errno.EDQUOT) else repr(error)\n";

#[test]
fn just_under_the_limit_is_written() {
    let reply = server()
        .run("open('a', 'wb').write(b'x' * (3 << 20))\nprint('written')")
        .prints("written\n");
    assert_eq!(reply.data.files["a"].size, 3 * MIB);
}

#[test]
fn just_over_raises_an_error_that_the_program_can_catch() {
    let server = server();
    let session = server.session();
    let code = format!(
        "{CATCH}open('kept', 'wb').write(b'k' * (2 << 20))\nfile = open('big', 'wb', buffering=0)\nprint(attempt(lambda: [file.write(b'x' * 65536) for _ in range(64)]))\nprint(open('kept', 'rb').read() == b'k' * (2 << 20))\nfile.close()\nos.remove('big')\nprint(attempt(lambda: open('after', 'wb').write(b'x' * (1 << 20))))"
    );
    let reply = session.run(&code).prints("full\nTrue\ndone\n");
    assert_eq!(reply.files(), ["after", "kept"], "\n{reply}");
}

#[test]
fn an_uncaught_error_ends_the_program_with_its_own_outcome_and_loses_nothing() {
    let server = server();
    let session = server.session();
    let code =
        "open('kept', 'wb').write(b'k' * (3 << 20))\nopen('big', 'wb').write(b'x' * (3 << 20))";
    let reply = session.run(code).ended(Outcome::Disk, 1);
    let limit = reply
        .data
        .limit
        .as_ref()
        .unwrap_or_else(|| panic!("no limit\n{reply}"));
    assert_eq!(
        (limit.name, limit.value),
        (Limit::WorkspaceBytes, 4 * MIB),
        "\n{reply}"
    );
    assert!(
        limit.message.contains("python_workspace_max_bytes"),
        "\n{reply}"
    );
    assert_eq!(
        session.get("files/kept").expect(200).body().len() as u64,
        3 * MIB
    );
}

#[test]
fn the_limit_holds_over_several_runs() {
    let server = server();
    let session = server.session();
    session
        .run("open('a', 'wb').write(b'x' * (3 << 20))")
        .succeeded();
    session
        .run("open('b', 'wb').write(b'x' * (2 << 20))")
        .ended(Outcome::Disk, 1);
    session.run("import os; os.remove('a')").succeeded();
    session
        .run("open('b', 'wb').write(b'x' * (2 << 20))")
        .succeeded();
}

#[test]
fn a_full_workspace_still_runs_programs() {
    let server = server();
    let session = server.session();
    session
        .run("import os\nwhile True: open(f'{os.urandom(4).hex()}', 'wb').write(b'x' * (1 << 19))")
        .ended(Outcome::Disk, 1);
    session
        .run("import os\nfor name in os.listdir(): os.remove(name)\nprint('tidied')")
        .prints("tidied\n");
    session
        .run("open('a', 'wb').write(b'x' * (1 << 20))")
        .succeeded();
}

#[test]
fn tmp_counts_too() {
    let code =
        format!("{CATCH}print(attempt(lambda: open('/tmp/a', 'wb').write(b'x' * (5 << 20))))");
    server().run(&code).prints("full\n");
}

#[test]
fn one_file_too_many_raises() {
    let server = server();
    let session = server.session();
    let code = format!(
        "{CATCH}answers = [attempt(lambda: open(f'f{{i}}', 'w').close()) for i in range(25)]\nprint(answers.count('done') in (19, 20), set(answers) == {{'done', 'full'}})\nos.remove('f0')\nprint(attempt(lambda: os.mkdir('folder')), attempt(lambda: os.mkdir('folder2')))"
    );
    session.run(&code).prints("True True\ndone full\n");
}

#[test]
fn too_many_files_uncaught_ends_the_program_with_its_own_outcome() {
    let reply = server()
        .run("for i in range(25): open(f'f{i}', 'w').close()")
        .ended(Outcome::Disk, 1);
    let limit = reply
        .data
        .limit
        .as_ref()
        .unwrap_or_else(|| panic!("no limit\n{reply}"));
    assert_eq!(
        (limit.name, limit.value),
        (Limit::WorkspaceFiles, 20),
        "\n{reply}"
    );
    assert!(
        limit.message.contains("python_workspace_max_files"),
        "\n{reply}"
    );
}

#[test]
fn another_os_error_is_not_taken_for_a_full_disk() {
    server()
        .run("open('missing')")
        .raises("FileNotFoundError: [Errno 44] No such file or directory: 'missing'");
}

#[test]
fn a_large_file_is_written_and_read_whole() {
    let session = Server::shared().session();
    let code = "import hashlib
with open('large', 'wb') as file:
    for _ in range(200): file.write(bytes(1 << 20))
with open('large', 'rb') as file: print(hashlib.file_digest(file, 'sha256').hexdigest()[:8], file.tell() >> 20)";
    session.run(code).prints("72abf2ca 200\n");
    session.delete("files/large").expect(204);
}
