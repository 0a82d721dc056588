//! The dashboard's page and its assets, as a browser gets them.
//!
//! What is served is a build of a few lines, so that these tests say something about the serving alone; the last
//! ones are about the real one.

use std::fs;

use crate::harness::{Reply, Server, root};

const HTML: &str = "<!doctype html><title>a page</title>";
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const SCRIPT: &str = "/assets/dashboard-0123456789abcdef.js";
const PAGES: [&str; 7] = [
    "/",
    "/sessions",
    "/sessions/abc",
    "/executions/abc",
    "/playground",
    "/prompts",
    "/settings",
];

/// A server of a build that has these files.
fn serving(files: &[(&str, &str)]) -> Server {
    let data = tempfile::tempdir().unwrap();
    let build = data.path().join("dashboard");
    fs::create_dir(&build).unwrap();
    for (name, content) in files {
        fs::write(build.join(name), content).unwrap();
    }
    // What is no asset must not become one.
    fs::write(data.path().join("secret.js"), "secret").unwrap();
    let manifest = fs::read_to_string(root().join("spin.toml")).unwrap();
    let absolute = |manifest: String, folder: &str, path: &std::path::Path| {
        let (old, new) = (
            format!("source = \"{folder}"),
            format!("source = \"{}", path.display()),
        );
        assert!(manifest.contains(&old), "{old}\n{manifest}");
        manifest.replace(&old, &new)
    };
    let manifest = absolute(manifest, "target/dashboard", &build);
    let manifest = absolute(manifest, "prompts", &root().join("prompts"));
    let manifest = absolute(manifest, "target/wasm32", &root().join("target/wasm32"));
    let path = data.path().join("spin.toml");
    fs::write(&path, manifest).unwrap();
    Server::with()
        .arguments(&["--from", path.to_str().unwrap()])
        .start_in(data)
}

fn whole() -> Server {
    serving(&[
        ("index.html", HTML),
        ("index.html.br", "page in brotli"),
        ("index.html.gz", "page in gzip"),
        ("dashboard-0123456789abcdef.js", "script as it is"),
        ("dashboard-0123456789abcdef.js.br", "script in brotli"),
        ("dashboard-0123456789abcdef.js.gz", "script in gzip"),
        ("dashboard-0123456789abcdef.wasm", "wasm"),
        ("dashboard-0123456789abcdef.css", "style"),
        ("dashboard-0123456789abcdef.svg", "icon"),
        ("notes.txt", "no asset"),
    ])
}

fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Reply {
    server.http().send("GET", path, headers, b"")
}

#[track_caller]
fn is_guarded(reply: &Reply) {
    let policy = reply.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval';",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part}\n{reply}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), value, "{name}\n{reply}");
    }
}

#[test]
fn the_page_is_at_its_own_routes_and_at_no_others() {
    let server = whole();
    for path in PAGES {
        let reply = get(&server, path, &[("accept", BROWSER)]).expect(200);
        assert_eq!(reply.text(), HTML, "{path}\n{reply}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "no-cache", "\n{reply}");
        is_guarded(&reply);
        let head = server
            .http()
            .send("HEAD", path, &[("accept", BROWSER)], b"")
            .expect(200);
        assert_eq!(head.header("content-length"), HTML.len().to_string());
        assert_eq!(head.body(), b"", "{path}\n{head}");
    }
    for path in [
        "/sessions/",
        "/sessions/a/b",
        "/executions",
        "/index.html",
        "/dashboard",
        "/api",
        "/api/nothing",
        "/prompts/tools",
        "/favicon.ico",
    ] {
        get(&server, path, &[("accept", BROWSER)]).refused(404, "not_found");
    }
    server
        .http()
        .send("POST", "/sessions", &[], b"")
        .refused(405, "method_not_allowed");
}

#[test]
fn who_wants_no_page_gets_the_list_of_routes() {
    let server = whole();
    for accept in ["*/*", "application/json", "text/html;q=0", "text/plain"] {
        let reply = get(&server, "/", &[("accept", accept)]).expect(200);
        assert!(
            reply.text().contains("POST   /api/tools/python_coder"),
            "{accept}\n{reply}"
        );
        assert_eq!(reply.header("vary"), "accept", "\n{reply}");
    }
    let page = get(&server, "/", &[("accept", BROWSER)]).expect(200);
    let vary: Vec<_> = page.headers("vary").collect();
    assert_eq!(vary, ["accept-encoding", "accept"], "\n{page}");
}

#[test]
fn an_etag_saves_the_page_until_it_changes() {
    let server = whole();
    let ask = |etag: &str, encoding: &str| {
        let headers = [("if-none-match", etag), ("accept-encoding", encoding)];
        get(&server, "/sessions", &headers)
    };
    let page = ask("\"another\"", "identity").expect(200);
    let etag = page.header("etag").to_owned();
    for known in [&etag, &format!("W/{etag}"), &format!("\"x\", {etag}"), "*"] {
        let reply = ask(known, "identity").expect(304);
        assert_eq!((reply.body(), reply.header("etag")), (&b""[..], &*etag));
        assert_eq!(reply.header("vary"), "accept-encoding", "\n{reply}");
    }
    // Encoded otherwise, it is another.
    assert_ne!(ask(&etag, "br").expect(200).header("etag"), etag);

    fs::write(server.data_file("dashboard/index.html"), "rebuilt").unwrap();
    assert_eq!(ask(&etag, "identity").expect(200).text(), "rebuilt");
}

#[test]
fn assets_have_their_types_and_are_kept_for_ever() {
    let server = whole();
    for (extension, media_type, content) in [
        ("js", "text/javascript; charset=utf-8", "script as it is"),
        ("wasm", "application/wasm", "wasm"),
        ("css", "text/css; charset=utf-8", "style"),
        ("svg", "image/svg+xml", "icon"),
    ] {
        let path = format!("/assets/dashboard-0123456789abcdef.{extension}");
        let reply = server.http().get(&path).expect(200);
        assert_eq!(reply.text(), content, "\n{reply}");
        assert_eq!(reply.header("content-type"), media_type, "\n{reply}");
        let kept = "public, max-age=31536000, immutable";
        assert_eq!(reply.header("cache-control"), kept, "\n{reply}");
        is_guarded(&reply);
        let head = server.http().head(&path).expect(200);
        assert_eq!(head.header("content-type"), media_type, "\n{head}");
        assert_eq!(head.header("content-length"), content.len().to_string());
        assert_eq!(head.body(), b"", "\n{head}");
    }
}

#[test]
fn what_is_no_asset_is_not_served() {
    let server = whole();
    for name in [
        "missing.js",
        "index.html",
        "notes.txt",
        "dashboard-0123456789abcdef.js.br",
        "dashboard-0123456789abcdef",
        "../secret.js",
        "..%2fsecret.js",
        "%2e%2e/secret.js",
        "..%2Fspin.toml",
        "%2fetc%2fpasswd",
        "a/b.js",
        "",
    ] {
        let reply = get(&server, &format!("/assets/{name}"), &[]);
        let reply = reply.refused(404, "not_found");
        assert_eq!(reply.header("cache-control"), "", "{name}\n{reply}");
    }
}

#[test]
fn the_best_encoding_that_is_there_is_taken() {
    let server = whole();
    for (accepted, encoding, content) in [
        ("gzip, deflate, br, zstd", "br", "script in brotli"),
        ("gzip", "gzip", "script in gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip", "script in gzip"),
        ("br;q=0, *", "gzip", "script in gzip"),
        ("identity, gzip;q=0.5", "", "script as it is"),
        ("deflate", "", "script as it is"),
        // Better than nothing.
        ("*;q=0", "", "script as it is"),
    ] {
        let reply = get(&server, SCRIPT, &[("accept-encoding", accepted)]).expect(200);
        assert_eq!(
            (reply.header("content-encoding"), reply.text()),
            (encoding, content),
            "{accepted}\n{reply}"
        );
        assert_eq!(reply.header("vary"), "accept-encoding", "\n{reply}");
    }
    // Where there is no compressed one, it comes as it is.
    let icon = get(
        &server,
        &SCRIPT.replace(".js", ".svg"),
        &[("accept-encoding", "br, gzip")],
    )
    .expect(200);
    assert_eq!((icon.header("content-encoding"), icon.text()), ("", "icon"));
    let page = get(&server, "/settings", &[("accept-encoding", "br")]).expect(200);
    assert_eq!(page.text(), "page in brotli", "\n{page}");
}

#[test]
fn a_dashboard_that_is_not_built_says_how_to_build_it() {
    let server = serving(&[]);
    for path in &PAGES[1..] {
        let reply = get(&server, path, &[("accept", BROWSER)]).expect(503);
        assert!(reply.text().contains("`cargo xtask build`"), "\n{reply}");
        assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    }
    let reply = get(&server, "/", &[("accept", BROWSER)]).expect(200);
    assert!(reply.text().contains("GET    /api/health"), "\n{reply}");
}

#[test]
fn pages_need_no_token_and_show_no_data() {
    let server = Server::with().variable("api_token", "secret").start();
    let page = get(&server, "/sessions", &[("accept", BROWSER)]).expect(200);
    is_guarded(&page);
    server
        .http()
        .get("/api/sessions")
        .refused(401, "unauthorized");
}

#[test]
fn all_that_the_real_page_names_is_there_and_compressed() {
    let server = Server::shared();
    let page = get(server, "/", &[("accept", BROWSER)]).expect(200);
    let assets: Vec<_> = page
        .text()
        .split(['"', '\''])
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    for extension in ["js", "wasm", "css"] {
        let has = |asset: &&str| asset.ends_with(&format!(".{extension}"));
        assert!(assets.iter().any(has), "no {extension}\n{page}");
    }
    for asset in assets {
        for encoding in ["br", "gzip"] {
            let reply = get(server, asset, &[("accept-encoding", encoding)]).expect(200);
            assert_eq!(reply.header("content-encoding"), encoding, "\n{reply}");
        }
    }
}
