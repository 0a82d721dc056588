//! The API's page: not the dashboard's, and easy to use as well.

use crate::harness::{Browser, Server};

#[test]
fn it_is_easy_to_use_in_every_light_and_width() {
    let page = Browser::open(Server::shared(), "/docs");
    page.sees("POST /api/tools/python_coder").axe();
    page.dark().axe();
    page.screenshot("docs-dark");
    page.light().size(380, 800).axe();
    let overflow = page.script("return document.documentElement.scrollWidth > innerWidth");
    assert_eq!(overflow, false, "the page is wider than the phone");
    page.size(1280, 900).screenshot("docs-light");
    page.click_text("ToolResponse").sees("What an agent gets");
}
