//! What a person does on a page.

use std::path::Path;

use serde_json::{Value, json};

use super::Browser;
use super::webdriver::{Failure, element_id};

/// The element that a selector means.
const SELECTED: &str = "return document.querySelector(arguments[0])";

/// What can be clicked and is called this by what it shows or, where that says nothing, by its label.
const CALLED: &str = "
    const plain = (text) => (text || '').replace(/\\s+/g, ' ').trim();
    const called = (found) => plain(found.getAttribute('aria-label') || found.innerText || found.value);
    const all = document.querySelectorAll(
        'a[href], button, summary, label, input[type=submit], [role=button], [role=link], [role=tab], [role=menuitem]');
    return [...all].find((found) => called(found) === arguments[0] && found.checkVisibility());";

impl Browser {
    /// Clicks on something.
    #[track_caller]
    pub(crate) fn click(&self, css: &str) -> &Self {
        self.click_on(&format!("`{css}`"), SELECTED, css)
    }

    /// Clicks on the link or button that is called this.
    #[track_caller]
    pub(crate) fn click_text(&self, text: &str) -> &Self {
        self.click_on(&format!("a link or button {text:?}"), CALLED, text)
    }

    #[track_caller]
    fn click_on(&self, what: &str, find: &str, argument: &str) -> &Self {
        self.wait(&format!("{what} to be clicked"), || {
            self.on(find, argument, "click", &json!({}))
        });
        self
    }

    /// Types into a field, instead of what is in it.
    #[track_caller]
    pub(crate) fn type_into(&self, css: &str, text: &str) -> &Self {
        self.click(css);
        self.keys("Control+a");
        if text.is_empty() {
            self.keys("Backspace");
        } else {
            self.send_to(css, text);
        }
        self
    }

    /// Gives a file to a file field.
    #[track_caller]
    pub(crate) fn upload(&self, css: &str, file: &Path) -> &Self {
        self.send_to(css, file.to_str().expect("its name is UTF-8"));
        self
    }

    #[track_caller]
    fn send_to(&self, css: &str, text: &str) {
        self.wait(&format!("`{css}` to be typed into"), || {
            self.on(SELECTED, css, "value", &json!({ "text": text }))
        });
    }

    /// Does something with an element that a script finds, if it does.
    fn on(
        &self,
        find: &str,
        argument: &str,
        command: &str,
        body: &Value,
    ) -> Result<Option<()>, Failure> {
        let web = &self.session.web;
        let script = json!({ "script": find, "args": [argument] });
        let found = web.post("/execute/sync", &script)?;
        let Some(id) = element_id(&found) else {
            return Ok(None);
        };
        web.post(&format!("/element/{id}/{command}"), body)?;
        Ok(Some(()))
    }

    /// Presses keys, one after another, wherever the focus is: `g s`, `Escape`, `Control+Enter`.
    #[track_caller]
    pub(crate) fn keys(&self, keys: &str) -> &Self {
        let mut actions = Vec::new();
        for chord in keys.split(' ') {
            let chord: Vec<_> = chord.split('+').map(key).collect();
            let turn = |kind: &str, key: &String| json!({ "type": kind, "value": key });
            actions.extend(chord.iter().map(|key| turn("keyDown", key)));
            actions.extend(chord.iter().rev().map(|key| turn("keyUp", key)));
        }
        let source = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.command("/actions", &json!({ "actions": [source] }));
        self
    }
}

/// A key by the name that `KeyboardEvent.key` has, as WebDriver writes it.
fn key(name: &str) -> String {
    let code = match name {
        "Backspace" => '\u{e003}',
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Shift" => '\u{e008}',
        "Control" => '\u{e009}',
        "Alt" => '\u{e00a}',
        "Escape" => '\u{e00c}',
        "Space" => ' ',
        "PageUp" => '\u{e00e}',
        "PageDown" => '\u{e00f}',
        "End" => '\u{e010}',
        "Home" => '\u{e011}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "Delete" => '\u{e017}',
        _ => {
            assert_eq!(name.chars().count(), 1, "no key is called {name:?} here");
            return name.to_owned();
        }
    };
    code.to_string()
}
