//! The files of a session: found, looked into, sent, replaced, deleted, taken home.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::harness::{Browser, Server, Session, until};

/// A file of each kind that can be looked into, made as programs make them.
const MAKE: &str = r##"
import json, os
import matplotlib.pyplot as plt
import pandas as pd

plt.plot([1, 3, 2]); plt.title('A plot')
plt.savefig('plot.png'); plt.savefig('plot.svg'); plt.savefig('plot.pdf')
table = pd.DataFrame({'city': ['Oslo', 'Zürich'], 'people': [709037, 443037]})
table.to_csv('cities.csv', index=False)
with pd.ExcelWriter('book.xlsx') as book:
    table.to_excel(book, sheet_name='Cities', index=False)
    pd.DataFrame({'month': ['May'], 'rain': [61.5]}).to_excel(book, sheet_name='Rain & snow', index=False)
os.makedirs('deep/er', exist_ok=True)
json.dump({'z': 1, 'a': [True, None]}, open('deep/data.json', 'w'))
open('deep/er/notes.md', 'w').write('# Notes\n\n- *first*\n- second\n')
open('deep/er/model.bin', 'wb').write(bytes(range(256)))
open('deep/er/code.py', 'w').write('def answer():\n    return 42\n')
open('plain.txt', 'w').write('what is in it')
open('empty.txt', 'w')
"##;

fn made() -> Session<'static> {
    let session = Server::shared().session();
    session.run(MAKE).succeeded();
    session
}

fn open(session: &Session<'_>, query: &str) -> Browser {
    let path = format!("/sessions/{}{query}", session.id());
    Browser::open(Server::shared(), &path)
}

/// Files and folders of the reader's own machine.
fn at_home(files: &[(&str, &[u8])]) -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    let write = |(name, content): &(&str, &[u8])| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    };
    let paths = files.iter().map(write).collect();
    (folder, paths)
}

/// Clicks on the file that is called exactly this.
pub(super) fn choose(page: &Browser, name: &str) {
    let click = format!(
        "const names = [...document.querySelectorAll('.node-name')];
         const found = names.find((node) => node.textContent === {});
         found?.click();
         return !!found",
        serde_json::json!(name)
    );
    until(name, || (page.script(&click) == true).then_some(()));
}

#[test]
fn files_are_a_tree_with_sizes_and_times() {
    let session = made();
    let page = open(&session, "");
    page.sees("plain.txt").sees("13 B").find(".node time");
    // Few files: folders are open.
    page.sees("model.bin").axe();
    // It scrolls what it looks at.
    page.settles();
    page.click(".node-folder[data-folder=deep]")
        .lacks("model.bin")
        .lacks("data.json");
    page.type_into(".tree [data-search]", "NOTES")
        .sees("notes.md")
        .lacks("plain.txt");
    page.type_into(".tree [data-search]", "no such name")
        .sees("No file is called like that")
        .click_text("Clear the search")
        .sees("plain.txt");
}

#[test]
fn a_file_is_shown_in_the_way_that_suits_it() {
    let session = made();
    let page = open(&session, "");
    page.click(".node[href*='plot.png']")
        .sees("640 × 480 pixels")
        .axe();
    let drawn = page.script("return document.querySelector('.preview-image').naturalWidth");
    assert_eq!(drawn, 640);

    page.click(".node[href*='cities.csv']")
        .sees("Zürich")
        .sees("709037")
        .sees("All 2 rows.")
        .axe();

    page.click(".node[href*='book.xlsx']").sees("Zürich");
    page.click_text("Rain & snow").sees("61.5").axe();
    page.reload();
    page.sees("61.5");

    page.click(".node[href*='data.json']")
        .find(".preview .code");
    assert_eq!(
        page.text(".preview .code-text"),
        "{\n  \"z\": 1,\n  \"a\": [\n    true,\n    null\n  ]\n}"
    );

    page.click(".node[href*='notes.md']")
        .in_frame(".preview .frame", |frame| {
            frame.has(1, "h1").has(2, "li").sees("first");
        });
    page.axe().click_text("Source").sees("# Notes");

    page.click(".node[href*='code.py']")
        .find(".py-keyword")
        .sees("return 42")
        .axe();
    page.click(".node[href*='plain.txt']").sees("what is in it");
    page.click(".node[href*='empty.txt']")
        .sees("The file is empty.");

    page.click(".node[href*='plot.svg']")
        .in_frame(".preview .frame", |frame| {
            frame.find("svg path");
        });

    page.click(".node[href*='model.bin']")
        .sees("There is no preview of such a file")
        .sees("256 B")
        .axe();
    page.click_text("Download it");
    assert_eq!(page.downloaded("model.bin"), (0..=255).collect::<Vec<u8>>());
}

#[test]
fn a_pdf_is_shown_by_the_browser() {
    let session = made();
    let page = open(&session, "?file=plot.pdf");
    page.find("iframe.preview-pdf[src^='blob:']").axe();
    page.in_frame(".preview-pdf", |frame| {
        // Chromium's own viewer, which shows its inside to nobody: the dark page around it.
        frame.find("body[style*='background-color']");
    });
}

#[test]
fn which_file_is_shown_is_in_the_address() {
    let session = made();
    let page = open(&session, "");
    page.click(".node[href*='plain.txt']").sees("what is in it");
    page.is_at(&format!("/sessions/{}?file=plain.txt", session.id()));
    page.click(".node[href*='code.py']").sees("return 42");
    page.back();
    page.sees("what is in it");
    page.reload();
    page.sees("what is in it")
        .find(".node[aria-current][href*='plain.txt']");
    page.go(&format!("/sessions/{}?file=gone.txt", session.id()));
    page.sees("There is no gone.txt").axe();
}

#[test]
fn files_are_sent_by_the_button() {
    let session = made();
    let (_folder, files) = at_home(&[("sent.txt", b"from home"), ("more.txt", b"more")]);
    let page = open(&session, "");
    page.sees("plain.txt");
    page.upload("input[type=file]", &files[0]).sees("sent.txt");
    page.sees("1 file is uploaded");
    session.get("files/sent.txt").expect(200);
    // Into the folder that is looked at.
    page.click(".node[href*='code.py']")
        .find("button[data-upload]");
    until("the folder to be named", || {
        (page.text("button[data-upload]") == "Upload into deep/er/").then_some(())
    });
    // Its name is seen as soon as it is on its way.
    page.upload("input[type=file]", &files[1]).sees("more.txt");
    let (sent, _) = until("the file to arrive", || {
        let reply = session.get("files/deep/er/more.txt");
        (reply.status() == 200).then_some(reply)
    });
    assert_eq!(sent.text(), "more");
}

#[test]
fn files_and_folders_are_dropped() {
    let session = made();
    let (folder, files) = at_home(&[
        ("dropped.txt", b"dropped"),
        ("project/read me.md", b"# Project"),
        ("project/src/a.py", b"a = 1"),
        ("project/src/b.py", b"b = 2"),
    ]);
    let page = open(&session, "");
    page.sees("plain.txt");
    page.drag_over(".workspace .pane-head", &[&files[0]])
        .sees("Drop to upload into\nthe workspace");
    page.drop_on(
        ".workspace .pane-head",
        &[&files[0], &folder.path().join("project")],
    )
    .sees("dropped.txt")
    .sees("read me.md");
    page.lacks("Drop to upload").sees("4 files are uploaded");
    for (path, content) in [
        ("dropped.txt", "dropped"),
        ("project/read%20me.md", "# Project"),
        ("project/src/a.py", "a = 1"),
        ("project/src/b.py", "b = 2"),
    ] {
        let file = session.get(&format!("files/{path}")).expect(200);
        assert_eq!(file.text(), content);
    }
    // On a folder: into it.
    page.drop_on(".node-folder[data-folder=deep]", &[&files[0]])
        .sees("1 file is uploaded");
    session.get("files/deep/dropped.txt").expect(200);
}

/// What a script drops has no way to be asked whether it is a folder.
#[test]
fn a_drop_by_another_page_is_one_too() {
    let session = made();
    let page = open(&session, "");
    page.sees("plain.txt").script(
        "const data = new DataTransfer();
         data.items.add(new File(['made'], 'scripted.txt'));
         const on = document.querySelector('.workspace .pane-head');
         for (const kind of ['dragenter', 'dragover', 'drop'])
             on.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));",
    );
    page.sees("scripted.txt");
}

#[test]
fn what_would_be_replaced_is_asked_about() {
    let session = made();
    let (_folder, files) = at_home(&[("plain.txt", b"another")]);
    let page = open(&session, "?file=plain.txt");
    page.sees("what is in it")
        .upload("input[type=file]", &files[0])
        .sees("Replace 1 file?")
        .axe();
    page.click_text("Cancel").is_absent("dialog[open]");
    assert_eq!(
        session.get("files/plain.txt").expect(200).text(),
        "what is in it"
    );
    page.upload("input[type=file]", &files[0])
        .click_text("Replace")
        .sees("another");
    page.lacks("what is in it");
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let server = Server::with()
        .variable("python_workspace_max_bytes", 1 << 20)
        .start();
    let session = server.session_called("full");
    session.put("files/there.txt", "x").expect(201);
    let (_folder, files) = at_home(&[("large.bin", &[0; 2 << 20]), ("small.txt", b"small")]);
    let page = Browser::open(&server, "/sessions/full");
    page.sees("there.txt")
        .upload("input[type=file]", &files[0])
        .sees("large.bin")
        .find(".upload-failed")
        .axe();
    let why = page.text(".upload-failed .upload-words");
    assert!(why.contains("1048576 bytes"), "{why}");
    // What fits comes all the same.
    page.upload("input[type=file]", &files[1])
        .sees("small.txt")
        .click_text("Dismiss large.bin")
        .is_absent(".upload-failed");
    page.expect_console_error("507");
}

#[test]
fn a_file_is_deleted_after_a_question() {
    let session = made();
    let page = open(&session, "?file=plain.txt");
    page.sees("what is in it")
        .click(".preview .pane-actions button:last-of-type")
        .sees("Delete plain.txt?")
        .axe();
    page.click("dialog[open] .button-danger")
        .is_absent(".node[href*='plain.txt']")
        .is_at(&format!("/sessions/{}?view=files", session.id()));
    session.get("files/plain.txt").refused(404, "not_found");
}

#[test]
fn all_of_it_comes_as_a_zip() {
    let session = made();
    let page = open(&session, "");
    page.sees("plain.txt").click_text("Download all");
    let archive = page.downloaded(&format!("{}.zip", session.id()));
    // Read by the zipfile of another session's Python.
    let reader = Server::shared().session();
    reader.put("files/all.zip", &archive).expect(201);
    let reply = reader
        .run("import zipfile\nz = zipfile.ZipFile('all.zip')\nassert z.testzip() is None\nfor name in sorted(z.namelist()): print(name, len(z.read(name)))")
        .succeeded();
    let mut expected: Vec<String> = session
        .run("pass")
        .data
        .files
        .iter()
        .map(|(path, file)| format!("{path} {}", file.size))
        .collect();
    // The script of that last look came after the archive.
    expected.retain(|line| reply.data.stdout.contains(line) || !line.starts_with("script_"));
    expected.sort();
    let lines: Vec<_> = reply.data.stdout.lines().collect();
    assert_eq!(lines, expected);
    assert!(lines.len() >= 13, "{lines:?}");
}

#[test]
fn any_name_can_be_looked_at_taken_home_and_deleted() {
    let names = [
        "a b.txt",
        "50%25 & more.txt",
        "what?.txt",
        "number #1.txt",
        "it's \"quoted\".txt",
        "naïve ☃ 名前.txt",
        "<img src=x onerror=alert(1)>.txt",
        "+plus+.txt",
    ];
    let session = Server::shared().session();
    for name in names {
        let write = format!("open({name:?}, 'w').write('in ' + {name:?})");
        session.run(&write).succeeded();
    }
    let page = open(&session, "");
    for name in names {
        choose(&page, name);
        page.sees(&format!("in {name}"));
        page.reload();
        page.sees(&format!("in {name}"));
    }
    // Chromium makes a name of its own of what no file may be called.
    choose(&page, "a b.txt");
    page.sees("in a b.txt").click_text("Download");
    assert_eq!(page.downloaded("a b.txt"), b"in a b.txt");
    page.axe();
}

#[test]
fn what_a_program_changes_is_shown_as_it_is_now() {
    let session = Server::shared().session();
    session.run("open('log.txt', 'w').write('one')");
    let page = open(&session, "?file=log.txt");
    page.sees("one");
    session.run("open('log.txt', 'a').write(' and two'); open('new.txt', 'w')");
    page.sees("one and two").sees("new.txt");
    session.run("import os; os.remove('log.txt')");
    page.sees("There is no log.txt");
}

#[test]
fn thousands_of_files_stay_quick() {
    let session = Server::shared().session();
    session
        .run(
            "import os\nfor folder in range(20):\n    os.makedirs(f'folder {folder:02}')\n    for file in range(100):\n        open(f'folder {folder:02}/file {file:03}.txt', 'w').write('x')",
        )
        .succeeded();
    let page = open(&session, "");
    page.sees("2\u{a0}001 files").sees("folder 10");
    page.lacks("file 000.txt")
        .click(".node-folder[data-folder='folder 07']")
        .sees("file 000.txt");
    let rows = page.count(".tree .node");
    assert!(rows < 60, "{rows} rows are in the page");
    page.type_into(".tree [data-search]", "19/file 099")
        .sees("file 099.txt")
        .is_absent(".node-folder[data-folder='folder 07']");
    // One of many that an address leads to is in view.
    page.go(&format!(
        "/sessions/{}?file=folder%2013%2Ffile%20057.txt",
        session.id()
    ));
    page.find(".node[aria-current]");
    until("the file to be in view", || {
        let seen = page.script(
            "const list = document.querySelector('.tree .windowed').getBoundingClientRect();
             const row = document.querySelector('.node[aria-current]').getBoundingClientRect();
             return row.top >= list.top && row.bottom <= list.bottom",
        );
        (seen == true).then_some(())
    });
    let took = page.script(
        "const list = document.querySelector('.tree .windowed');
         const began = performance.now();
         for (let top = 0; top < 1600; top += 160) { list.scrollTop = top; list.dispatchEvent(new Event('scroll')); }
         return performance.now() - began",
    );
    assert!(took.as_f64().unwrap() < 500.0, "scrolling took {took} ms");
    page.axe();
}
