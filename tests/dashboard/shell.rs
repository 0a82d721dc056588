//! What is around every page: where one can go, keys, light and dark, the token, how live it is.

use crate::harness::{Browser, Server, until};

/// Every page with its heading.
const PAGES: [(&str, &str); 5] = [
    ("/", "Overview"),
    ("/sessions", "Sessions"),
    ("/playground", "Playground"),
    ("/prompts", "Prompt logs"),
    ("/settings", "Settings"),
];

#[test]
fn every_page_is_a_click_away() {
    let page = Browser::open(Server::shared(), "/");
    for (path, name) in PAGES {
        page.click(&format!("nav a[href='{path}']"));
        page.is_at(path)
            .find(&format!("nav a[href='{path}'][aria-current=page]"));
        until(name, || (page.text("main h1") == name).then_some(()));
        assert!(page.title().contains(name), "{}", page.title());
    }
}

#[test]
fn every_page_is_a_key_or_two_away() {
    let page = Browser::open(Server::shared(), "/settings");
    page.find("main h1");
    for (keys, path) in [
        ("g s", "/sessions"),
        ("g l", "/prompts"),
        ("g p", "/playground"),
        ("g o", "/"),
    ] {
        page.keys(keys).is_at(path);
    }
    page.back();
    page.is_at("/playground");
    page.keys("?").sees("Next row").find("dialog[open]");
    page.keys("Escape").is_absent("dialog[open]");
}

#[test]
fn keys_are_letters_where_one_writes() {
    let page = Browser::open(Server::shared(), "/sessions");
    page.find("[data-search]").keys("/");
    page.keys("g s ?").is_at("/sessions?q=gs%3F");
    assert_eq!(page.value("[data-search]"), "gs?");
    page.keys("Escape g o").is_at("/");
}

#[test]
fn an_address_that_no_page_has_says_so() {
    let page = Browser::open(Server::shared(), "/sessions");
    page.script(
        "history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))",
    );
    page.sees("There is no page at this address");
    page.click_text("Go to the overview").is_at("/");
}

#[test]
fn light_and_dark_follow_the_system_until_one_is_chosen() {
    let page = Browser::open(Server::shared(), "/sessions");
    let background = || page.script("return getComputedStyle(document.body).backgroundColor");
    page.light().find("main h1");
    let light = background();
    page.dark();
    until("it to be dark", || (background() != light).then_some(()));
    page.click("[aria-label='Theme: as the system']");
    until("it to be light", || (background() == light).then_some(()));
    page.reload();
    page.find("[aria-label='Theme: light']")
        .click("[aria-label='Theme: light']");
    until("it to be dark", || (background() != light).then_some(()));
}

#[test]
fn it_says_that_it_is_live_and_that_it_is_not() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/sessions");
    page.sees("Live");
    server.run("print('hi')").prints("hi\n");
    page.find("[data-row]");
    drop(server.kill());
    page.sees("Reconnecting");
    page.expect_console_error("ERR_");
    // So does what the page was fetching for later.
    page.expect_console_error("Failed to fetch");
}

#[test]
fn the_token_is_asked_for_once_and_kept_by_the_tab() {
    let server = Server::with().variable("api_token", "open-sesame").start();
    let page = Browser::open(&server, "/settings");
    page.sees("This server needs a token").axe();
    page.type_into("#token", "wrong")
        .click_text("Open the dashboard");
    page.sees("That is not the token");
    page.type_into("#token", "open-sesame").keys("Enter");
    page.sees("python_executor_mode");
    page.reload();
    page.sees("python_executor_mode");
    let kept = page.script(
        "return [localStorage.length, document.cookie, sessionStorage.getItem('vivarium.token')]",
    );
    assert_eq!(kept, serde_json::json!([0, "", "open-sesame"]));
    page.expect_console_error("401");
}
