//! What a program prints, makes or names is never trusted: nothing of it runs, asks for anything, or leads away.
//!
//! Each test plants what would mark the page, open a dialog, leave it, or ask a server for `/stolen`, and then sees
//! that nothing of that has happened. The first test sees that it would be noticed.

use std::fmt::Write as _;

use super::files::choose;
use crate::harness::{Browser, Overheard, Server, Session, until};

/// A browser at a server, and whoever hears what it asks for.
struct Victim {
    page: Browser,
    overheard: Overheard,
    url: String,
}

impl Victim {
    fn at(server: &Server, path: &str) -> Self {
        Self::through(Overheard::before(server), path)
    }

    fn through(overheard: Overheard, path: &str) -> Self {
        let url = overheard.url(path);
        let page = Browser::open_url(&url);
        // What the page's policies refuse is told there.
        page.expect_console_error("Content Security Policy");
        page.expect_console_error("Blocked script execution");
        page.expect_console_error("sandboxed");
        Self {
            page,
            overheard,
            url,
        }
    }

    /// What has happened that must not.
    fn harm(&self) -> String {
        let mut harm = String::new();
        let marked = self
            .page
            .script("return String(window.marked || top.marked)");
        let url = self.page.script("return location.href");
        if let Some(marked) = marked.as_str().filter(|marked| *marked != "undefined") {
            let _ = writeln!(harm, "code ran: {marked}");
        }
        if url != self.url.as_str() {
            let _ = writeln!(harm, "the page is at {url}");
        }
        if self.overheard.has_heard("/stolen") {
            harm += "something was asked for\n";
        }
        harm
    }

    #[track_caller]
    fn is_unharmed_after(&self, what: &str) {
        // What is slow to do harm has done it by then.
        self.page.settles();
        let harm = self.harm();
        assert!(harm.is_empty(), "after {what}: {harm}");
    }

    /// Asserts that all frames are walled in.
    #[track_caller]
    fn frames_are_sandboxed(&self, count: usize) {
        let page = &self.page;
        page.has(count, "iframe");
        for number in 1..=count {
            let all = page.script(&format!(
                "const frame = document.querySelectorAll('iframe')[{number} - 1];
                 return [frame.getAttribute('sandbox'), frame.getAttribute('src')]"
            ));
            assert_eq!(all, serde_json::json!(["", null]));
        }
    }
}

/// HTML that tries everything it could, each with a number of its own.
fn hostile_html(overheard: &Overheard) -> String {
    let (here, there) = (
        overheard.url("/api/sessions?q=/stolen"),
        overheard.elsewhere("/stolen"),
    );
    format!(
        "<p>a harmless beginning</p>
         <script>top.marked = window.marked = 1; fetch('{here}'); alert(1)</script>
         <script src='{here}'></script><script src='{there}'></script>
         <script type=module>top.marked = 2</script>
         <img src=x onerror='top.marked = 3; alert(3)'>
         <img src='{here}'><img src='{there}'><img src='/api/stolen'>
         <svg onload='top.marked = 4'><script>top.marked = 5</script><image href='{there}' /><animate onbegin='top.marked = 6' attributeName=x dur=1s /></svg>
         <body onload='top.marked = 7' background='{there}'>
         <input autofocus onfocus='top.marked = 8'>
         <details open ontoggle='top.marked = 9'></details>
         <iframe src='javascript:top.marked = 10'></iframe>
         <iframe srcdoc='<script>top.marked = 11</script>'></iframe>
         <iframe src='{here}'></iframe><iframe src='{there}'></iframe>
         <object data='{there}'></object><object data='{here}'></object><embed src='{there}'>
         <video src='{there}' poster='{there}' onerror='top.marked = 12'></video><audio src='{here}' onerror='top.marked = 13'></audio>
         <base href='{there}'><link rel=stylesheet href='{there}'><link rel=preload as=image href='{here}'>
         <meta http-equiv=refresh content='0;url={there}'>
         <style>@import '{there}'; @font-face {{ font-family: x; src: url('{there}') }} body {{ background: url('{here}'); font-family: x }}</style>
         <form action='{here}' target=_top><button id=submit>Submit</button></form>
         <a id=script href='javascript:top.marked=14' target=_top>a script</a>
         <a id=away href='{there}' target=_top>away</a>
         <a id=inside href='{here}' target=_self>inside</a> <a id=plain href='/api/stolen'>plain</a>
         <a id=data href='data:text/html,<script>top.marked=15</script>'>data</a>
         <div><template shadowrootmode=open><script>top.marked = 16</script></template></div>
         <math><mtext><table><mglyph><style><img src=x onerror='top.marked=17'></style></mglyph></table></mtext></math>
         <p>a harmless end</p>"
    )
}

fn hostile_svg(overheard: &Overheard) -> String {
    let (here, there) = (
        overheard.url("/api/sessions?q=/stolen"),
        overheard.elsewhere("/stolen"),
    );
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='200' height='100' onload='top.marked = 21'>
         <script>top.marked = 22; alert(22)</script><script href='{there}' />
         <image href='{there}' width='9' height='9' /><image xlink:href='{here}' width='9' height='9' /><use href='{there}#a' />
         <foreignObject width='99' height='99'><body xmlns='http://www.w3.org/1999/xhtml'><img src='x' onerror='top.marked = 23' /><iframe src='{there}'></iframe></body></foreignObject>
         <a id='away' href='javascript:top.marked=24' target='_top'><text id='label' x='9' y='30'>drawn text</text></a>
         <set attributeName='x' onbegin='top.marked = 25' /></svg>"
    )
}

/// Clicks on whatever in the frame could be clicked on.
fn click_all(victim: &Victim, frame: &str, targets: &[&str]) {
    for target in targets {
        victim.page.in_frame(frame, |frame| {
            frame.click(target);
        });
        victim.is_unharmed_after(&format!("a click on {target}"));
    }
}

#[test]
fn harm_would_be_noticed() {
    let session = Server::shared().session();
    session.put("files/a.txt", "x").expect(201);
    let path = format!("/sessions/{}", session.id());
    let victim = Victim::at(Server::shared(), &path);
    victim.page.sees("a.txt");
    victim.is_unharmed_after("nothing");
    let steal = victim.overheard.url("/api/stolen");
    victim.page.script(&format!(
        "const frame = document.createElement('iframe');
         frame.srcdoc = '<img src={steal}>';
         document.body.append(frame);
         top.marked = 1"
    ));
    victim.page.expect_console_error("404");
    let mut harm = String::new();
    until("the harm", || {
        harm = victim.harm();
        harm.contains("asked for").then_some(())
    });
    assert!(harm.contains("code ran: 1"), "{harm}");
    victim
        .page
        .script("history.pushState(null, '', '/elsewhere')");
    assert!(victim.harm().contains("the page is at"));
}

#[test]
fn what_a_program_prints_is_text() {
    let session = Server::shared().session();
    let code = "# <img src=x onerror=alert(1)> \u{202e}gnp.exe\n\
        print('<script>top.marked = 1</script><img src=/api/stolen onerror=\"top.marked = 2\">')\n\
        print('\\x1b[31mred\\x1b[0m \\x1b]8;;javascript:top.marked=3\\x07link\\x1b]8;;\\x07 \\x00 \u{202e}gnp.exe')\n\
        raise ValueError('<svg onload=top.marked=4>')";
    let reply = session.run(code);
    let session_page = format!("/sessions/{}", session.id());
    for path in [
        format!("/executions/{}", reply.execution_id()),
        session_page,
        "/sessions".to_owned(),
        "/".to_owned(),
        format!("/prompts?session={}", session.id()),
    ] {
        let victim = Victim::at(Server::shared(), &path);
        if path.starts_with("/executions") {
            victim
                .page
                .sees("<script>top.marked = 1</script><img src=/api/stolen")
                .sees("<svg onload=top.marked=4>");
        } else {
            victim.page.sees("<img src=x onerror=alert(1)>");
        }
        victim.is_unharmed_after(&path);
    }
}

#[test]
fn what_a_program_displays_is_in_a_frame() {
    let overheard = Overheard::before(Server::shared());
    let code = format!(
        "class Html:
    def _repr_html_(self): return {html:?}
class Svg:
    def _repr_svg_(self): return {svg:?}
class Markdown:
    def _repr_markdown_(self): return '<script>top.marked = 31</script> [link](javascript:top.marked=32) ![image]({there})'
display(Html()); display(Svg()); Markdown()",
        html = hostile_html(&overheard),
        svg = hostile_svg(&overheard),
        there = overheard.elsewhere("/stolen"),
    );
    let session = Server::shared().session();
    let reply = session.run(&code).succeeded();
    let path = format!("/executions/{}", reply.execution_id());
    let victim = Victim::through(overheard, &path);
    victim.frames_are_sandboxed(3);
    let html = "iframe[title^='Result 1']";
    victim.page.in_frame(html, |frame| {
        frame.sees("a harmless beginning").sees("a harmless end");
    });
    victim.is_unharmed_after("being shown");
    click_all(
        &victim,
        html,
        &["#script", "#submit", "#away", "#data", "#plain", "#inside"],
    );
}

#[test]
fn files_are_shown_without_being_believed() {
    let overheard = Overheard::before(Server::shared());
    let session = Server::shared().session();
    let html = hostile_html(&overheard);
    let svg = hostile_svg(&overheard);
    let there = overheard.elsewhere("/stolen");
    let markdown = format!(
        "# A title\n\n{html}\n\n[link](javascript:top.marked=41) <javascript:top.marked=42> ![image]({there})\n\n[away]({there})\n"
    );
    let files = [
        ("page.html", html.as_str()),
        ("drawing.svg", &svg),
        ("read me.md", &markdown),
        (
            "table.csv",
            "name,value\n=cmd|'/c calc'!A1,<img src=/api/stolen onerror=top.marked=43>\n\"<script>top.marked=44</script>\",@SUM(1)\n",
        ),
        (
            "data.json",
            "{\"__proto__\": {\"marked\": \"51\"}, \"constructor\": {\"prototype\": {\"marked\": 52}}, \"html\": \"</code><img src=x onerror=top.marked=53>\"}",
        ),
        (
            "code.py",
            "# </code><img src=x onerror=top.marked=54>\nx = '<script>top.marked=55</script>'\n",
        ),
        ("not.png", &svg),
        ("not.pdf", &html),
        ("<img src=x onerror=top.marked=56>.svg", &svg),
        ("\"><script>top.marked=57<.html", &html),
    ];
    for (name, content) in files {
        plant(&session, name, content);
    }
    let path = format!("/sessions/{}", session.id());
    let mut victim = Victim::through(overheard, &path);
    for (name, _) in files {
        let at = format!("{}?file={}", victim.overheard.url(&path), encoded(name));
        choose(&victim.page, name);
        victim.page.find(".preview h3");
        victim.url = at;
        match name {
            _ if name.ends_with(".html") => {
                victim.page.sees("<script>top.marked = window.marked = 1")
            }
            "table.csv" => victim
                .page
                .sees("=cmd|'/c calc'!A1")
                .sees("<img src=/api/stolen"),
            "data.json" => victim.page.sees("__proto__"),
            "code.py" => victim.page.sees("</code><img src=x"),
            "not.png" => victim.page.sees("no picture that a browser can show"),
            "not.pdf" => victim.page.find(".preview-pdf"),
            _ => {
                victim.frames_are_sandboxed(1);
                let drawn = if name == "read me.md" { "h1" } else { "#label" };
                victim.page.in_frame(".preview iframe", |frame| {
                    frame.find(drawn);
                })
            }
        };
        victim.is_unharmed_after(name);
        if name == "drawing.svg" {
            click_all(&victim, ".preview iframe", &["#label"]);
        }
    }
}

/// The addresses that a download comes from, opened by themselves.
#[test]
fn a_raw_file_runs_nothing() {
    let overheard = Overheard::before(Server::shared());
    let session = Server::shared().session();
    let html = hostile_html(&overheard);
    let svg = hostile_svg(&overheard);
    for (name, content) in [
        ("page.html", &html),
        ("drawing.svg", &svg),
        ("page.xhtml", &html),
        ("page.txt", &html),
        ("page", &html),
        ("page.xml", &svg),
    ] {
        plant(&session, name, content);
    }
    let victim = Victim::through(overheard, "/api/health");
    victim.page.expect_console_error("favicon.ico");
    for name in [
        "page.html",
        "drawing.svg",
        "page.xhtml",
        "page.txt",
        "page",
        "page.xml",
    ] {
        let url = victim
            .overheard
            .url(&session.route(&format!("files/{name}")));
        victim.page.go(&url);
        victim.page.is_loaded();
        // What is no download is shown as text.
        let marked = victim.page.script("return String(window.marked)");
        assert_eq!(marked, "undefined", "{name}");
        assert!(!victim.overheard.has_heard("/stolen"), "{name}");
    }
}

#[test]
fn addresses_are_not_believed() {
    let server = Server::shared();
    for id in [
        "%3Cimg%20src%3Dx%20onerror%3Dtop.marked%3D61%3E",
        "..%2F..%2Fapi%2Fstolen",
        "x%22%3E%3Cscript%3Etop.marked%3D62%3C%2Fscript%3E",
        "%E2%80%AEexe",
    ] {
        let victim = Victim::at(server, &format!("/sessions/{id}"));
        victim.page.sees("There is no such session");
        victim.is_unharmed_after(id);
    }
    let session = server.session();
    session.put("files/a.txt", "x").expect(201);
    for file in [
        "%3Cimg%20src%3Dx%20onerror%3Dtop.marked%3D63%3E",
        "..%2F..%2F..%2Fstolen",
        "%2Fstolen",
        "javascript%3Atop.marked%3D64",
    ] {
        let victim = Victim::at(server, &format!("/sessions/{}?file={file}", session.id()));
        victim.page.find(".preview-pane .state-empty");
        victim.page.settles();
        assert_eq!(
            victim.page.script("return String(window.marked)"),
            "undefined"
        );
        assert!(!victim.overheard.has_heard("GET /stolen"), "{file}");
        assert!(!victim.overheard.has_heard("GET /api/stolen"), "{file}");
    }
}

fn plant(session: &Session<'_>, name: &str, content: &str) {
    session
        .put(&format!("files/{}", encoded(name)), content)
        .expect(201);
}

/// As it stands in an address.
fn encoded(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                out.push(char::from(byte));
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
