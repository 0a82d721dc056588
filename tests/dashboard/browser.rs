//! The browser that these tests look through: what it can do, and that it fails when it should.

use std::fs;

use crate::harness::{Browser, Server};

/// A page without faults, and a body of its own.
fn page(body: &str) -> Browser {
    let page = format!(
        "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>{body}</main></html>"
    );
    let plain = page.replace('%', "%25").replace('#', "%23");
    Browser::open_url(&format!("data:text/html;charset=utf-8,{plain}"))
}

#[test]
fn it_shows_what_a_server_says() {
    let page = Browser::open(Server::shared(), "/api/health");
    page.sees("\"status\"");
    assert_eq!(page.url_path(), "/api/health");
    // Chromium asks for it wherever it is.
    page.expect_console_error("favicon.ico");
}

#[test]
fn it_goes_on_and_back_and_loads_again() {
    let page = Browser::open(Server::shared(), "/api/health");
    page.expect_console_error("favicon.ico");
    page.go("/api/config?a=b");
    page.is_at("/api/config?a=b");
    page.script("document.body.innerHTML = '<h1 class=new>Changed</h1>'");
    assert_eq!(page.attribute("h1", "class").as_deref(), Some("new"));
    assert_eq!(page.attribute("h1", "id"), None);
    assert_eq!(page.count("h1"), 1);
    page.reload();
    page.is_absent("h1").back();
    page.is_at("/api/health");
}

#[test]
fn what_is_not_there_yet_is_waited_for() {
    let page = page(
        "<p>before</p><script>setTimeout(() => document.querySelector('p').innerText = 'after', 700)</script>",
    );
    page.sees("after").lacks("before").has(1, "p");
    assert_eq!(page.text("p"), "after");
}

#[test]
fn a_person_clicks_and_types() {
    let page = page(
        "<label>Name <input value=old></label> <button>Greet   them</button> <output></output>
         <script>
            const field = document.querySelector('input'), says = document.querySelector('output');
            document.querySelector('button').onclick = () => says.innerText = 'Hello ' + field.value;
            document.onkeydown = (event) => {
                if (event.key === 'k' && event.ctrlKey) says.innerText = 'quick';
            };
         </script>",
    );
    page.type_into("input", "world").click_text("Greet them");
    page.sees("Hello world");
    page.keys("Control+k").sees("quick");
    page.type_into("input", "");
    assert_eq!(page.value("input"), "");
    page.axe();
}

#[test]
fn a_file_goes_up_and_comes_down() {
    let page = page(
        "<input type=file aria-label=File> <a download=copy.txt hidden>Down</a>
         <script>
            document.querySelector('input').onchange = (event) => {
                const down = document.querySelector('a');
                down.href = URL.createObjectURL(event.target.files[0]);
                down.hidden = false;
            };
         </script>",
    );
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("file.txt");
    fs::write(&file, "what is in it").unwrap();
    page.upload("input", &file).click_text("Down");
    assert_eq!(page.downloaded("copy.txt"), b"what is in it");
}

#[test]
fn a_page_is_dark_or_light_and_of_a_size() {
    let page = page("");
    let dark = "return [matchMedia('(prefers-color-scheme: dark)').matches, innerWidth]";
    page.dark().size(390, 844);
    assert_eq!(page.script(dark), serde_json::json!([true, 390]));
    page.light().size(1280, 800);
    assert_eq!(page.script(dark), serde_json::json!([false, 1280]));
    assert!(page.screenshot("a page").is_file());
}

#[test]
#[should_panic(expected = "image-alt")]
fn a_picture_without_words_is_found() {
    page("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>").axe();
}

#[test]
#[should_panic(expected = "the console has errors")]
fn an_error_in_the_console_is_found() {
    page("<script>missing()</script>");
}

#[test]
#[should_panic(expected = "waited ten seconds for \"something else\" to be seen")]
fn what_is_not_there_is_not_seen() {
    page("").sees("something else");
}
