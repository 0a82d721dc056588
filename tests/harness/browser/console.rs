//! What the browser's console says.

use std::sync::Mutex;

use serde_json::json;

use super::Browser;
use super::webdriver::{Extension, WebDriver};

/// Everything that it said so far: the driver says each line once.
#[derive(Default)]
pub(super) struct Console {
    lines: Mutex<Vec<String>>,
    expected: Mutex<Vec<String>>,
}

impl Console {
    /// All lines, each with its level before it.
    pub(super) fn read(&self, web: &WebDriver) -> Vec<String> {
        let mut lines = self.lines.lock().expect("no holder panics");
        let new = Extension("se/log", json!({ "type": "browser" }));
        let new = web.run(|client| client.issue_cmd(new));
        for entry in new.iter().filter_map(|new| new.as_array()).flatten() {
            let word = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            lines.push(format!("{} {}", word("level"), word("message")));
        }
        lines.clone()
    }

    /// The errors that nothing expected.
    pub(super) fn errors(&self, web: &WebDriver) -> Vec<String> {
        let expected = self.expected.lock().expect("no holder panics").clone();
        let mut lines = self.read(web);
        lines.retain(|line| {
            line.starts_with("SEVERE") && !expected.iter().any(|part| line.contains(part))
        });
        lines
    }

    #[track_caller]
    pub(super) fn assert_quiet(&self, browser: &Browser) {
        let errors = self.errors(&browser.session.web);
        if !errors.is_empty() {
            browser.fail(&format!("the console has errors:\n{}", errors.join("\n")));
        }
    }
}

impl Browser {
    /// The errors in the console that the test did not expect: exceptions, failed requests, what the page's
    /// policy refused. None may be left when the test ends.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        self.console.errors(&self.session.web)
    }

    /// Errors with this in them are part of the test, such as a 404 that it asks for.
    pub(crate) fn expect_console_error(&self, part: &str) {
        let mut expected = self.console.expected.lock().expect("no holder panics");
        expected.push(part.to_owned());
    }
}
