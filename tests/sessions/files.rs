//! Uploads, listings and deletions.

use api::files::{FileEntry, FilePage};
use api::history::Session;

use crate::harness::{Reply, Server};

fn paths(listing: &Reply) -> Vec<String> {
    listing
        .json::<FilePage>()
        .files
        .into_iter()
        .map(|file| file.path)
        .collect()
}

#[test]
fn what_is_uploaded_a_program_can_read() {
    let session = Server::shared().session();
    let uploaded: FileEntry = session
        .put("files/data/in.csv", "a,b\n1,2\n")
        .expect(201)
        .json();
    assert_eq!(
        (uploaded.path.as_str(), uploaded.info.size),
        ("data/in.csv", 8)
    );
    assert_eq!(uploaded.info.content_type, "text/csv; charset=utf-8");
    session
        .run("print(open('data/in.csv').read(), end='')")
        .prints("a,b\n1,2\n");
}

#[test]
fn what_a_program_writes_can_be_downloaded() {
    let session = Server::shared().session();
    session
        .run("open('out.bin', 'wb').write(bytes(range(256)))")
        .succeeded();
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(session.get("files/out.bin").expect(200).body(), bytes);
}

#[test]
fn an_upload_replaces_the_file_whole() {
    let session = Server::shared().session();
    session
        .put("files/a.txt", "a long first version")
        .expect(201);
    session.put("files/a.txt", "short").expect(200);
    assert_eq!(session.get("files/a.txt").expect(200).text(), "short");
    assert_eq!(paths(&session.get("files").expect(200)), ["a.txt"]);
}

#[test]
fn an_empty_file_is_a_file() {
    let session = Server::shared().session();
    session.put("files/empty", "").expect(201);
    assert_eq!(session.get("files/empty").expect(200).body(), b"");
}

#[test]
fn names_may_hold_spaces_and_letters_of_any_script() {
    let session = Server::shared().session();
    session
        .put("files/%C3%A9t%C3%A9/sp%20ace%25.txt", "x")
        .expect(201);
    assert_eq!(
        paths(&session.get("files").expect(200)),
        ["été/sp ace%.txt"]
    );
    session
        .run("print(open('été/sp ace%.txt').read())")
        .prints("x\n");
    session
        .delete("files/%C3%A9t%C3%A9/sp%20ace%25.txt")
        .expect(204);
}

#[test]
fn a_listing_is_ordered_by_path_and_counts_bytes() {
    let session = Server::shared().session();
    for (path, length) in [("b", 2), ("a/z", 3), ("a/b/c", 5), ("B", 7)] {
        session
            .put(&format!("files/{path}"), "x".repeat(length))
            .expect(201);
    }
    let listing = session.get("files").expect(200);
    assert_eq!(paths(&listing), ["B", "a/b/c", "a/z", "b"]);
    assert_eq!(listing.json::<FilePage>().total_bytes, 17);
}

#[test]
fn a_deleted_file_is_gone() {
    let session = Server::shared().session();
    session.put("files/a.txt", "x").expect(201);
    session.put("files/b.txt", "x").expect(201);
    session.delete("files/a.txt").expect(204);
    session.get("files/a.txt").refused(404, "not_found");
    session.delete("files/a.txt").refused(404, "not_found");
    assert_eq!(paths(&session.get("files").expect(200)), ["b.txt"]);
}

#[test]
fn a_folder_is_not_a_file() {
    let session = Server::shared().session();
    session.put("files/folder/a.txt", "x").expect(201);
    session.get("files/folder").refused(400, "bad_request");
    session.delete("files/folder").refused(400, "bad_request");
    session.put("files/folder", "x").refused(409, "conflict");
    assert_eq!(session.get("files/folder/a.txt").expect(200).text(), "x");
}

#[test]
fn an_upload_that_does_not_fit_is_refused_and_leaves_nothing() {
    let server = Server::with()
        .variable("python_workspace_max_bytes", 1 << 20)
        .start();
    let session = server.session();
    session.put("files/half", vec![b'x'; 512 << 10]).expect(201);
    session.put("files/fits", vec![b'x'; 512 << 10]).expect(201);
    session.delete("files/fits").expect(204);
    session
        .put("files/one-too-many", vec![b'x'; (512 << 10) + 1])
        .refused(507, "workspace_full");
    session
        .put("files/half", vec![b'y'; (1 << 20) + 1])
        .refused(507, "workspace_full");
    assert_eq!(paths(&session.get("files").expect(200)), ["half"]);
    assert!(
        session
            .get("files/half")
            .expect(200)
            .body()
            .iter()
            .all(|byte| *byte == b'x')
    );
}

#[test]
fn an_upload_of_one_file_too_many_is_refused() {
    let server = Server::with()
        .variable("python_workspace_max_files", 3)
        .start();
    let session = server.session();
    for path in ["a", "b", "c"] {
        session.put(&format!("files/{path}"), "x").expect(201);
    }
    session.put("files/d", "x").refused(507, "workspace_full");
    session.put("files/c", "y").expect(200);
}

#[test]
fn two_sessions_have_nothing_in_common() {
    let server = Server::shared();
    let (one, other) = (server.session(), server.session());
    one.put("files/a.txt", "one").expect(201);
    other.put("files/a.txt", "other").expect(201);
    assert_eq!(one.get("files/a.txt").expect(200).text(), "one");
    one.delete("files/a.txt").expect(204);
    assert_eq!(other.get("files/a.txt").expect(200).text(), "other");
}

#[test]
fn links_are_not_listed() {
    let session = Server::shared().session();
    session
        .run("import os\nopen('real', 'w')\nos.symlink('real', 'link')")
        .succeeded();
    let listed = paths(&session.get("files").expect(200));
    assert!(
        listed.iter().any(|path| path == "real") && !listed.iter().any(|path| path == "link"),
        "{listed:?}"
    );
}

#[test]
fn a_long_listing_comes_in_pages_that_join_to_the_whole() {
    let session = Server::shared().session();
    let code =
        "import os\nos.mkdir('a b')\nfor i in range(7): open(f'a b/é&=%{i}?', 'w').write('xy')";
    let script = session.run(code).succeeded();
    let whole = paths(&session.get("files").expect(200));
    assert_eq!(whole.len(), script.data.files.len());
    let (mut joined, mut cursor) = (Vec::new(), String::new());
    loop {
        let reply = session.get(&format!("files?limit=3{cursor}")).expect(200);
        joined.extend(paths(&reply));
        let page: FilePage = reply.json();
        assert_eq!(
            (page.total_files, page.total_bytes),
            (8, 14 + code.len() as u64),
            "\n{reply}"
        );
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(joined, whole);
}

#[test]
fn the_session_knows_how_large_its_workspace_is() {
    let session = Server::shared().session();
    let size = || {
        let known: Session = Server::shared()
            .http()
            .get(&format!("/api/sessions/{}", session.id()))
            .expect(200)
            .json();
        (known.workspace_bytes, known.workspace_files)
    };
    session.put("files/a.txt", "four").expect(201);
    assert_eq!(size(), (Some(4), Some(1)));
    session.put("files/folder/b.txt", "five!").expect(201);
    session.put("files/a.txt", "fourteen bytes").expect(200);
    assert_eq!(size(), (Some(19), Some(2)));
    session.delete("files/a.txt").expect(204);
    assert_eq!(size(), (Some(5), Some(1)));
    session.delete("files/a.txt").refused(404, "not_found");
    assert_eq!(size(), (Some(5), Some(1)));
}
