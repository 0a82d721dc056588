//! Every page, as large and as small as screens are, light and dark: easy to use for everybody, as wide as the
//! screen, without a word in the console, and still. `target/screenshots` has a picture of each.

mod example;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::harness::{Browser, Server};
use example::{Example, SESSION};

/// A page, and how it is known to be whole.
struct Page {
    name: &'static str,
    server: &'static Server,
    path: String,
    /// What is seen when all of it is there.
    whole: &'static str,
    /// What a person does first.
    first: fn(&Browser),
}

fn pages() -> Vec<Page> {
    let example = Example::shared();
    let page = |name, path: &str, whole| Page {
        name,
        server: &example.full,
        path: path.to_owned(),
        whole,
        first: |_| (),
    };
    vec![
        page("overview", "/", "ValueError"),
        Page {
            server: &example.empty,
            ..page("overview-empty", "/", "Nothing has run yet")
        },
        page("sessions", "/sessions", SESSION),
        page(
            "session",
            &format!("/sessions/{SESSION}?file=revenue.png"),
            "revenue.png",
        ),
        page(
            "execution",
            &format!("/executions/{}", example.repaired),
            "KeyError",
        ),
        page(
            "approval",
            &format!("/executions/{}", example.waiting),
            "This code waits for you",
        ),
        Page {
            first: |page| {
                page.click_text("Figure")
                    .click(".editor-text")
                    .keys("Control+Enter");
            },
            ..page("playground", "/playground", "The execution")
        },
        Page {
            first: |page| {
                page.click("[data-row]");
            },
            ..page(
                "prompts",
                &format!("/prompts?session={SESSION}"),
                "tokens read",
            )
        },
        page("settings", "/settings", "What a model is told"),
        Page {
            server: &example.closed,
            ..page("token", "/", "This server needs a token")
        },
    ]
}

impl Page {
    /// Goes there, in a browser that is as it should be.
    fn visit(&self, browser: &Browser) {
        browser.open_on(self.server, &self.path);
        browser.find("main h1");
        (self.first)(browser);
        browser.sees(self.whole).is_absent(".state-loading");
    }
}

/// Looks at every page, at those too that come after a bad one.
fn each(look: impl Fn(&Page)) {
    let bad: Vec<_> = pages()
        .iter()
        .filter(|page| catch_unwind(AssertUnwindSafe(|| look(page))).is_err())
        .map(|page| page.name)
        .collect();
    assert!(bad.is_empty(), "not as they should be: {}", bad.join(", "));
}

fn look(theme: &str, prefer: fn(&Browser) -> &Browser, sizes: &[(u32, u32)]) {
    let browser = Browser::open(&Example::shared().full, "/");
    prefer(&browser);
    browser.expect_console_error("401");
    each(|page| {
        browser.size(sizes[0].0, sizes[0].1);
        page.visit(&browser);
        for &(width, height) in sizes {
            browser.size(width, height);
            browser.screenshot(&match width {
                1280 => format!("{}-{theme}", page.name),
                _ => format!("{}-{theme}-{width}", page.name),
            });
            browser.fits().axe();
        }
    });
}

#[test]
fn all_are_good_in_the_light() {
    look(
        "light",
        Browser::light,
        &[(1280, 1100), (380, 844), (2560, 1440)],
    );
}

#[test]
fn all_are_good_in_the_dark() {
    look("dark", Browser::dark, &[(1280, 1100), (380, 844)]);
}

/// What is there stays where it is when more comes: the network is as slow as a phone's.
#[test]
fn nothing_jumps() {
    for (width, height) in [(1280, 900), (380, 844)] {
        let browser = Browser::open(&Example::shared().full, "/");
        browser.expect_console_error("401");
        browser.size(width, height).slow(Duration::from_millis(150));
        each(|page| {
            page.visit(&browser);
            browser.still();
        });
    }
}
