//! Using up memory, output, files, descriptors.

use api::files::FilePage;
use api::python::Outcome;

use super::{Ends, Prints, Raises, attempts, server};
use crate::harness::{Server, until};

attempts! {
    a_list_that_grows_forever: "x = []\nwhile True: x.append('x' * 10**6)" => Ends(Outcome::Memory, 137);
    a_string_that_doubles_forever: "x = 'x'\nwhile True: x += x" => Ends(Outcome::Memory, 137);
    more_memory_than_there_are_addresses: "bytearray(1 << 40)" => Raises("OverflowError: cannot fit 'int' into an index-sized integer");
    a_field_that_is_too_wide: "f'{1:>{10**9}}'" => Ends(Outcome::Memory, 137);
    an_array_that_is_too_large: "import numpy as np; np.ones(1 << 27)" => Ends(Outcome::Memory, 137);
    a_generator_without_end: "list(iter(int, 1))" => Ends(Outcome::Memory, 137);
    a_memory_error_that_is_caught_again_and_again:
        "x = []
for _ in range(50):
    try:
        while True: x.append(bytearray(10 << 20))
    except MemoryError: x.clear()
print('done')"
        => Prints("done\n");
    as_much_as_is_allowed: "x = bytearray(64 << 20); print(len(x))" => Prints("67108864\n");

    a_file_that_grows_forever: "file = open('a', 'wb', buffering=0)\nwhile True: file.write(bytes(1 << 20))" => Ends(Outcome::Disk, 1);
    a_sparse_file_by_truncating: "open('a', 'wb').truncate(1 << 40)" => Ends(Outcome::Disk, 1);
    a_sparse_file_by_seeking: "import os\nfile = open('a', 'wb')\nfile.seek(1 << 40)\nfile.write(b'x')\nfile.flush()" => Ends(Outcome::Disk, 1);
    a_sparse_file_by_writing_at_an_offset: "import os\nfd = os.open('a', os.O_CREAT | os.O_RDWR)\nprint(denied(lambda: os.pwrite(fd, b'x', 1 << 40)), os.fstat(fd).st_size)" => Prints("OSError 51 0\n");
    a_sparse_file_by_allocating: "import os\nfd = os.open('a', os.O_CREAT | os.O_RDWR)\nprint(denied(lambda: os.posix_fallocate(fd, 0, 1 << 40)), os.fstat(fd).st_size)" => Prints("AttributeError 0\n");
    many_files: "for i in range(10**5): open(f'{i}', 'w').close()" => Ends(Outcome::Disk, 1);
    many_folders: "import os\nfor i in range(10**5): os.mkdir(f'{i}')" => Ends(Outcome::Disk, 1);
    many_links: "import os\nfor i in range(10**5): os.symlink('x', f'{i}')" => Ends(Outcome::Disk, 1);
    many_hard_links: "import os\nopen('x', 'w').close()\nfor i in range(10**5): os.link('x', f'{i}')" => Ends(Outcome::Disk, 1);
    many_files_in_tmp: "for i in range(10**5): open(f'/tmp/{i}', 'w').close()" => Ends(Outcome::Disk, 1);
    a_zip_bomb:
        "import zipfile
with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as bomb:
    with bomb.open('zeros', 'w') as member:
        for _ in range(200): member.write(bytes(1 << 20))
zipfile.ZipFile('bomb.zip').extractall()"
        => Ends(Outcome::Disk, 1);
    replacing_a_file_again_and_again_is_allowed: "for _ in range(200): open('a', 'wb').write(bytes(1 << 20))\nprint('done')" => Prints("done\n");

    a_figure_that_is_too_large: "import matplotlib.pyplot as plt\nplt.figure(figsize=(1000, 1000), dpi=1000)\nplt.savefig('a.png')" => Ends(Outcome::Memory, 137);
    an_endless_generator_of_bytes_from_the_host: "import os\nprint(len(os.urandom(50 << 20)) >> 20)" => Prints("50\n");
    sleeping_backwards: "import time; time.sleep(-1)" => Raises("ValueError: sleep length must be non-negative");
}

/// Output is dropped and counted, and the program runs to its end.
#[test]
fn endless_output_on_both_streams() {
    let code = "import sys\nfor _ in range(100):\n    sys.stdout.write('x' * 10**6)\n    sys.stderr.write('y' * 10**6)\nNone";
    let reply = server().run(code).succeeded();
    assert_eq!(
        (reply.data.stdout.len(), reply.data.stderr.len()),
        (1 << 20, 1 << 20)
    );
    let dropped = 100_000_000 - (1 << 20);
    assert_eq!(
        (
            reply.data.truncated.stdout_bytes,
            reply.data.truncated.stderr_bytes
        ),
        (dropped, dropped)
    );
    server().still_answers();
}

/// A result is dropped whole, and the program goes on.
#[test]
fn a_result_that_is_too_large_is_dropped_and_counted() {
    let show = |mebibytes: u32| {
        let code =
            format!("import atexit\natexit.register(print, 'went on')\n'x' * ({mebibytes} << 20)");
        server().run(&code).prints("went on\n")
    };
    let over = show(20);
    assert_eq!(
        (over.data.results.len(), over.data.truncated.results),
        (0, 1)
    );
    let under = show(15);
    assert_eq!(
        (under.data.results.len(), under.data.truncated.results),
        (1, 0)
    );
    server().still_answers();
}

/// What one program opens is the host's to open, and the host has only so many for all.
#[test]
fn descriptors_are_bounded_and_the_others_have_theirs() {
    let server = Server::with().arguments(&["--max-concurrent", "4"]).start();
    let session = server.session();
    let code = "import os, time
open('a', 'w').close()
held = []
try:
    while True: held.append(os.open('a', os.O_RDONLY))
except OSError as error: print(error.errno, flush=True)
os.mkdir('full')
while not os.path.exists('go'): time.sleep(0.01)
for fd in held: os.close(fd)
print(len(held))";
    let reply = std::thread::scope(|scope| {
        let running = scope.spawn(|| session.tool(code).timeout(10.0).send());
        until("it to hold all it can", || {
            session.folder().join("full").exists().then_some(())
        });
        server.still_answers();
        session.put("files/go", "").expect(201);
        running.join().unwrap()
    });
    reply.prints("33\n256\n");
}

/// A workspace at its limit of files must not make the listing slow or large beyond reason.
#[test]
fn a_full_workspace_can_still_be_listed_and_deleted() {
    let session = server().session();
    session
        .run("for i in range(10**5): open(f'{i:05}' + 'x' * 200, 'w').close()")
        .ended(Outcome::Disk, 1);
    let listed: FilePage = session.get("files").expect(200).json();
    assert!(
        (499..=501).contains(&listed.total_files),
        "{}",
        listed.total_files
    );
    assert!(
        listed.files.len() <= 50 && listed.next_cursor.is_some(),
        "{}",
        listed.files.len()
    );
    server()
        .http()
        .delete(&format!("/api/sessions/{}", session.id()))
        .expect(204);
    assert!(!session.folder().exists());
}
