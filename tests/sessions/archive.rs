//! All files of a session at once.

use serde_json::{Value, json};

use crate::harness::{Reply, Server, Session};

/// What Python finds in an archive: whether it is sound, and by name how each file begins, its size and its time.
fn unpacked(archive: &Reply) -> Value {
    let session = Server::shared().session();
    session.put("files/a.zip", archive.body()).expect(201);
    let code = "
import json, zipfile
archive = zipfile.ZipFile('a.zip')
sound = archive.testzip() is None
files = {info.filename: [archive.read(info)[:20].decode('latin-1'), info.file_size, list(info.date_time)] for info in archive.infolist()}
print(json.dumps({'sound': sound, 'count': len(archive.infolist()), 'files': files}))";
    let reply = session.run(code).succeeded();
    serde_json::from_str(&reply.data.stdout).unwrap()
}

fn archive(session: &Session<'_>) -> Reply {
    let reply = session.get("files.zip").expect(200);
    assert_eq!(reply.header("content-type"), "application/zip", "\n{reply}");
    assert_eq!(
        reply.header("content-disposition"),
        format!("attachment; filename=\"{}.zip\"", session.id()),
        "\n{reply}"
    );
    reply
}

#[test]
fn it_has_every_file_with_its_name_content_and_time() {
    let session = Server::shared().session();
    for name in [
        "a.txt",
        "folder/b.txt",
        "f%C3%BCr%20%F0%9F%90%8D.csv",
        "empty",
    ] {
        let content = if name == "empty" { "" } else { "content" };
        session.put(&format!("files/{name}"), content).expect(201);
    }
    // A link is no file.
    session
        .run("import os\nfor name in os.listdir():\n    os.utime(name, (1e9, 1e9))\nos.symlink('a.txt', 'link')\nos.remove(__file__)")
        .succeeded();
    let found = unpacked(&archive(&session));
    let time = json!([2001, 9, 9, 1, 46, 40]);
    let files = found["files"].as_object().unwrap();
    let mut names: Vec<_> = files.keys().collect();
    names.sort();
    assert_eq!(names, ["a.txt", "empty", "folder/b.txt", "für 🐍.csv"]);
    assert_eq!(found["sound"], true);
    assert_eq!(files["a.txt"], json!(["content", 7, time]));
    assert_eq!(files["für 🐍.csv"], json!(["content", 7, time]));
    assert_eq!(files["empty"], json!(["", 0, time]));
}

#[test]
fn a_large_file_and_many_files_come_whole() {
    let session = Server::shared().session();
    session
        .run("import os\nopen('noise', 'wb').write(os.urandom(40 << 20))\nopen('zeros', 'wb').write(bytes(40 << 20))\nfor number in range(300):\n    open(f'{number}.txt', 'w').write(str(number))")
        .succeeded();
    let archive = archive(&session);
    assert!(
        (40 << 20..42 << 20).contains(&archive.body().len()),
        "{} bytes",
        archive.body().len()
    );
    let found = unpacked(&archive);
    // With the script that made them.
    assert_eq!(
        (&found["sound"], &found["count"]),
        (&json!(true), &json!(303))
    );
    assert_eq!(found["files"]["zeros"][1], 40 << 20);
    assert_eq!(found["files"]["299.txt"][0], "299");
}

#[test]
fn a_workspace_without_files_is_an_archive_without_files() {
    let session = Server::shared().session();
    session.put("files/a", "x").expect(201);
    session.delete("files/a").expect(204);
    let found = unpacked(&archive(&session));
    assert_eq!(found, json!({ "sound": true, "count": 0, "files": {} }));
}

#[test]
fn a_session_that_is_not_there_has_none() {
    let session = Server::shared().session();
    session.get("files.zip").refused(404, "not_found");
    let bad = Server::shared().http().get("/api/sessions/-/files.zip");
    bad.refused(400, "bad_request");
}

#[test]
fn a_head_request_has_the_headers_alone() {
    let session = Server::shared().session();
    session.put("files/a", "x").expect(201);
    let http = Server::shared().http();
    let reply = http.head(&session.route("files.zip")).expect(200);
    assert_eq!(reply.header("content-type"), "application/zip", "\n{reply}");
    assert_eq!(reply.body(), b"", "\n{reply}");
}

#[test]
fn who_hangs_up_keeps_nobody_waiting() {
    let session = Server::shared().session();
    session
        .run("import os\nopen('noise', 'wb').write(os.urandom(100 << 20))")
        .succeeded();
    let path = session.route("files.zip");
    drop(Server::shared().http().open("GET", &path, &[], b""));
    Server::shared().still_answers();
}
