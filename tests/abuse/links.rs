//! Links out of the workspace.

use super::{Prints, Raises, attempts, server};

attempts! {
    a_link_inside_is_allowed:
        "import os; open('real', 'w').write('x'); os.symlink('real', 'link'); print(open('link').read(), os.readlink('link'))"
        => Prints("x real\n");

    a_link_to_an_absolute_path:
        "import os; os.symlink('/etc/passwd', 'link')"
        => Raises("PermissionError: [Errno 63] Operation not permitted: '/etc/passwd' -> 'link'");
    reading_through_a_relative_link:
        "import os; os.symlink('../secret.txt', 'link'); open('link')"
        => Raises("PermissionError: [Errno 63] Operation not permitted: 'link'");
    writing_through_a_relative_link:
        "import os; os.symlink('../secret.txt', 'link'); open('link', 'w')"
        => Raises("PermissionError: [Errno 63] Operation not permitted: 'link'");
    listing_through_a_link_to_a_folder:
        "import os; os.symlink('..', 'up'); os.symlink('../..', 'up2'); print(denied(os.listdir, 'up'), denied(os.listdir, 'up2'), denied(open, 'up/secret.txt'), denied(open, 'up/../secret.txt'))"
        => Prints("PermissionError 63 PermissionError 63 PermissionError 63 PermissionError 63\n");
    climbing_by_a_link_made_of_links:
        "import os
os.makedirs('a/b')
os.symlink('a/b', 'c')
os.symlink('c/../..', 'd')
os.symlink('d/..', 'e')
print(sorted(os.listdir('d')) == sorted(os.listdir('.')), denied(os.listdir, 'e'), denied(open, 'd/../secret.txt'))"
        => Prints("True PermissionError 63 PermissionError 63\n");
    a_link_from_tmp_to_the_workspaces_parent:
        "import os; os.symlink('../../secret.txt', '/tmp/link'); open('/tmp/link')"
        => Raises("PermissionError: [Errno 63] Operation not permitted: '/tmp/link'");
    moving_a_link_to_where_it_would_lead_out:
        "import os; os.makedirs('a/b'); os.symlink('../../secret.txt', 'a/b/link'); print(denied(open, 'a/b/link')); os.rename('a/b/link', 'link'); print(denied(open, 'link'))"
        => Prints("FileNotFoundError 44\nPermissionError 63\n");
    a_hard_link_to_the_standard_library:
        "import os; print(denied(os.link, '/usr/local/lib/python315.zip', 'zip'), os.path.exists('zip'))"
        => Prints("PermissionError 63 False\n");
    a_loop_of_links:
        "import os; os.symlink('b', 'a'); os.symlink('a', 'b'); open('a')"
        => Raises("OSError: [Errno 32] Symbolic link loop: 'a'");
    changing_a_link_while_it_is_opened:
        "import os
open('real', 'w').write('mine')
seen = set()
for i in range(2000):
    os.symlink('real' if i % 2 else '../secret.txt', 'next')
    os.rename('next', 'link')
    seen.add(denied(lambda: open('link').read()))
print(sorted(seen))"
        => Prints("['PermissionError 63', \"allowed: 'mine'\"]\n");
    removing_through_a_link:
        "import os, shutil; os.symlink('..', 'up'); print(denied(os.remove, 'up/secret.txt'), denied(os.rmdir, 'up/scratch'), denied(shutil.rmtree, 'up'))"
        => Prints("PermissionError 63 PermissionError 63 OSError\n");
    asking_about_a_file_through_a_link:
        "import os; os.symlink('../secret.txt', 'link'); print(os.path.exists('link'), denied(os.stat, 'link'), os.path.getsize('link') if os.path.exists('link') else None)"
        => Prints("False PermissionError 63 None\n");
}

/// What is made here by the program is then asked for over HTTP, by someone who is not in the sandbox.
#[test]
fn a_link_that_a_program_made_does_not_lead_a_download_out() {
    let server = server();
    let session = server.session();
    session.run("import os; os.symlink('../secret.txt', 'link'); os.symlink('..', 'up'); open('mine.txt', 'w').write('mine')").succeeded();
    assert_eq!(session.get("files/mine.txt").expect(200).text(), "mine");
    session.get("files/link").refused(403, "forbidden");
    session.get("files/up/secret.txt").refused(403, "forbidden");
    let reply = session.put("files/up/secret.txt", "overwritten");
    assert!(
        matches!(reply.status(), 400 | 403),
        "
{reply}"
    );
    session
        .delete("files/up/secret.txt")
        .refused(403, "forbidden");
    assert_eq!(
        std::fs::read_to_string(server.data_file("scratch/secret.txt")).unwrap(),
        super::SECRET
    );
}
