//! What a person does on a page.

use std::path::Path;

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;

use super::Browser;

/// The key that a reference to an element has in JSON, from the specification.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

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
        self.wait(&format!("`{css}` to be clicked"), || {
            self.session.web.run(|client| async move {
                let found = client.find(Locator::Css(css)).await?;
                found.click().await.map(Some)
            })
        });
        self
    }

    /// Clicks on the link or button that is called this.
    #[track_caller]
    pub(crate) fn click_text(&self, text: &str) -> &Self {
        self.wait(&format!("a link or button {text:?} to be clicked"), || {
            self.session.web.run(|client| async move {
                let found = client.execute(CALLED, vec![text.into()]).await?;
                let Some(id) = found[ELEMENT].as_str() else {
                    return Ok(None);
                };
                let id = ElementRef::from(id.to_owned());
                let found = Element::from_element_id(client.clone(), id);
                found.click().await.map(Some)
            })
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
            self.session.web.run(|client| async move {
                let found = client.find(Locator::Css(css)).await?;
                found.send_keys(text).await.map(Some)
            })
        });
    }

    /// Presses keys, one after another, wherever the focus is: `g s`, `Escape`, `Control+Enter`.
    #[track_caller]
    pub(crate) fn keys(&self, keys: &str) -> &Self {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for chord in keys.split(' ') {
            let chord: Vec<_> = chord.split('+').map(key).collect();
            for &value in &chord {
                actions = actions.then(KeyAction::Down { value });
            }
            for &value in chord.iter().rev() {
                actions = actions.then(KeyAction::Up { value });
            }
        }
        self.command(keys, |client| client.perform_actions(actions));
        self
    }
}

/// A key by the name that `KeyboardEvent.key` has, as WebDriver writes it.
fn key(name: &str) -> char {
    let key = match name {
        "Backspace" => Key::Backspace,
        "Tab" => Key::Tab,
        "Enter" => Key::Enter,
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        "Escape" => Key::Escape,
        "Space" => return ' ',
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "End" => Key::End,
        "Home" => Key::Home,
        "ArrowLeft" => Key::Left,
        "ArrowUp" => Key::Up,
        "ArrowRight" => Key::Right,
        "ArrowDown" => Key::Down,
        "Delete" => Key::Delete,
        _ => {
            let mut rest = name.chars();
            return match (rest.next(), rest.next()) {
                (Some(key), None) => key,
                _ => panic!("no key is called {name:?} here"),
            };
        }
    };
    key.into()
}
