//! Paths that leave the workspace are refused, and nothing outside is touched.

use crate::harness::{Server, Session};

/// Every way of naming a file outside that a client could try, as it goes over the wire.
const LEAVING: &[&str] = &[
    "../secret.txt",
    "../../secret.txt",
    "a/../../secret.txt",
    "a/b/../../../secret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "%2E%2E%2Fsecret.txt",
    "..%2fsecret.txt",
    ".%2e/secret.txt",
    "..%5csecret.txt",
    "a/%2e%2e/%2e%2e/secret.txt",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "./secret.txt",
    "a//b",
    "a/",
    "%00",
    "a%00.txt",
    "..",
    "%2e%2e",
    ".",
];

/// A session beside a file that its workspace must not reach.
fn session_beside_a_secret(server: &Server) -> Session<'_> {
    let session = server.session();
    session
        .run("import os\nos.makedirs('a/b')\nopen('inside.txt', 'w').write('inside')")
        .succeeded();
    std::fs::write(server.data_file("scratch/secret.txt"), "secret").unwrap();
    std::fs::write(server.data_file("secret.txt"), "secret").unwrap();
    session
}

#[track_caller]
fn nothing_was_touched(server: &Server) {
    for path in ["secret.txt", "scratch/secret.txt"] {
        assert_eq!(
            std::fs::read_to_string(server.data_file(path)).unwrap(),
            "secret",
            "{path} was written"
        );
    }
}

#[test]
fn a_path_that_leaves_the_workspace_is_refused() {
    let server = Server::with().start();
    let session = session_beside_a_secret(&server);
    assert_eq!(session.get("files/inside.txt").expect(200).text(), "inside");
    for path in LEAVING {
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let reply = server.http().send(
                method,
                &session.route(&format!("files/{path}")),
                &[],
                b"overwritten",
            );
            assert!(
                matches!(reply.status(), 400 | 404),
                "{method} {path}\n{reply}"
            );
            assert!(
                !reply.text().contains("secret\n"),
                "{method} {path}\n{reply}"
            );
        }
    }
    nothing_was_touched(&server);
    assert_eq!(session.get("files/inside.txt").expect(200).text(), "inside");
}

#[test]
fn a_path_is_decoded_once() {
    let server = Server::with().start();
    let session = session_beside_a_secret(&server);
    for path in ["%252e%252e%252fsecret.txt", "..%252fsecret.txt"] {
        // Decoded once it is an odd name of a file that is not there, and may be one that is.
        server
            .http()
            .get(&session.route(&format!("files/{path}")))
            .refused(404, "not_found");
        session.put(&format!("files/{path}"), "odd").expect(201);
        assert_eq!(
            session.get(&format!("files/{path}")).expect(200).text(),
            "odd"
        );
    }
    nothing_was_touched(&server);
}

#[test]
fn a_session_id_that_leaves_the_folder_is_refused() {
    let server = Server::with().start();
    session_beside_a_secret(&server);
    for id in [
        "..",
        "%2e%2e",
        "%2e%2e%2f",
        "..%2f..",
        "%2fetc",
        ".",
        "%2e",
        "a%2f..%2f..",
        "a%00",
    ] {
        for (method, rest) in [
            ("GET", "files"),
            ("GET", "files/secret.txt"),
            ("PUT", "files/secret.txt"),
            ("DELETE", "files/secret.txt"),
            ("DELETE", ""),
        ] {
            let path = format!("/api/sessions/{id}/{rest}");
            let reply = server
                .http()
                .send(method, path.trim_end_matches('/'), &[], b"overwritten");
            assert!(
                matches!(reply.status(), 400 | 404 | 405),
                "{method} {path}\n{reply}"
            );
        }
    }
    nothing_was_touched(&server);
}

/// A program can make a symlink to anywhere; what it names is not the workspace's.
#[test]
fn a_link_that_a_program_made_leads_nowhere() {
    let server = Server::with().start();
    let session = session_beside_a_secret(&server);
    let outside = server.data_file("secret.txt");
    for (name, target) in [
        ("to-file", outside.to_str().unwrap()),
        ("to-file-relative", "../../secret.txt"),
    ] {
        std::os::unix::fs::symlink(target, session.folder().join(name)).unwrap();
        session
            .get(&format!("files/{name}"))
            .refused(403, "forbidden");
        assert_eq!(
            server
                .http()
                .head(&session.route(&format!("files/{name}")))
                .status(),
            403
        );
    }
    for (name, target) in [
        ("to-folder", server.data().to_str().unwrap()),
        ("to-folder-relative", "../.."),
    ] {
        std::os::unix::fs::symlink(target, session.folder().join(name)).unwrap();
        session
            .get(&format!("files/{name}/secret.txt"))
            .refused(403, "forbidden");
        for file in ["secret.txt", "new.txt"] {
            let reply = session.put(&format!("files/{name}/{file}"), "overwritten");
            assert!(matches!(reply.status(), 400 | 403), "\n{reply}");
        }
        session
            .delete(&format!("files/{name}/secret.txt"))
            .refused(403, "forbidden");
    }
    assert!(!server.data_file("new.txt").exists());
    nothing_was_touched(&server);
}

#[test]
fn a_link_is_replaced_or_deleted_itself() {
    let server = Server::with().start();
    let session = session_beside_a_secret(&server);
    let link =
        || std::os::unix::fs::symlink("../../secret.txt", session.folder().join("link")).unwrap();
    link();
    session.delete("files/link").expect(204);
    nothing_was_touched(&server);
    link();
    let reply = session.put("files/link", "mine");
    assert!(matches!(reply.status(), 200 | 201), "\n{reply}");
    nothing_was_touched(&server);
    assert_eq!(session.get("files/link").expect(200).text(), "mine");
}

#[test]
fn a_link_inside_the_workspace_is_followed() {
    let server = Server::shared();
    let session = server.session();
    session
        .run("import os\nopen('real.txt', 'w').write('real')\nos.symlink('real.txt', 'link.txt')")
        .succeeded();
    assert_eq!(session.get("files/link.txt").expect(200).text(), "real");
}
