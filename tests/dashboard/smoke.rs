//! The page as such: it opens, everywhere it should, and complains of nothing.

use crate::harness::{Browser, Server};

#[test]
fn the_page_opens_and_is_easy_to_use() {
    let page = Browser::open(Server::shared(), "/");
    page.find("h1").sees("Vivarium");
    assert!(page.title().contains("Vivarium"), "{}", page.title());
    page.axe();
    // Other errors end the test as well, when the browser is closed.
    assert_eq!(page.console_errors(), [""; 0]);
}

#[test]
fn the_page_opens_in_the_dark_and_on_a_phone() {
    let page = Browser::open(Server::shared(), "/");
    page.dark().size(390, 844).find("h1").fits().axe();
}
