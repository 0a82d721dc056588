//! What a page shows.

use fantoccini::{Client, Locator};
use serde_json::json;
use url::Position;

use super::Browser;

impl Browser {
    /// Waits until a text can be read somewhere on the page, as it is shown: what is hidden can't be.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) -> &Self {
        self.wait_for(
            &format!("{text:?} to be seen"),
            "return document.body && document.body.innerText.includes(arguments[0])",
            &[text.into()],
        );
        self
    }

    /// Waits until a text can be read nowhere on the page.
    #[track_caller]
    pub(crate) fn lacks(&self, text: &str) -> &Self {
        self.wait_for(
            &format!("{text:?} to be gone"),
            "return document.body && !document.body.innerText.includes(arguments[0])",
            &[text.into()],
        );
        self
    }

    /// Waits until something is there.
    #[track_caller]
    pub(crate) fn find(&self, css: &str) -> &Self {
        self.wait_for(
            &format!("`{css}`"),
            "return document.querySelector(arguments[0]) !== null",
            &[css.into()],
        );
        self
    }

    /// Waits until something is not there.
    #[track_caller]
    pub(crate) fn is_absent(&self, css: &str) -> &Self {
        self.wait_for(
            &format!("`{css}` to be gone"),
            "return document.querySelector(arguments[0]) === null",
            &[css.into()],
        );
        self
    }

    /// Waits until there are so many of something.
    #[track_caller]
    pub(crate) fn has(&self, count: usize, css: &str) -> &Self {
        self.wait_for(
            &format!("`{css}` to be there {count} times"),
            "return document.querySelectorAll(arguments[0]).length === arguments[1]",
            &[css.into(), count.into()],
        );
        self
    }

    /// How many of something are there now.
    #[track_caller]
    pub(crate) fn count(&self, css: &str) -> usize {
        let all = self.command(css, |client| client.find_all(Locator::Css(css)));
        all.len()
    }

    /// The text that something shows, once it is there.
    #[track_caller]
    pub(crate) fn text(&self, css: &str) -> String {
        self.of(css, "innerText")
    }

    /// What is typed or chosen in a field, once it is there.
    #[track_caller]
    pub(crate) fn value(&self, css: &str) -> String {
        self.of(css, "value")
    }

    #[track_caller]
    fn of(&self, css: &str, property: &str) -> String {
        // In an array, since an empty text is an answer too.
        let answer = self.wait_for(
            &format!("`{css}`"),
            "const found = document.querySelector(arguments[0]);
             return found && [found[arguments[1]]]",
            &[css.into(), property.into()],
        );
        answer[0].as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of something, once it is there; `None` where it has no such attribute.
    #[track_caller]
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let answer = self.wait_for(
            &format!("`{css}`"),
            "const found = document.querySelector(arguments[0]);
             return found && [found.getAttribute(arguments[1])]",
            &[css.into(), name.into()],
        );
        answer[0].as_str().map(str::to_owned)
    }

    /// The path and query of the page's address, now.
    #[track_caller]
    pub(crate) fn url_path(&self) -> String {
        let url = self.command("the address", Client::current_url);
        url[Position::BeforePath..Position::AfterQuery].to_owned()
    }

    /// Waits until the page's address has this path and query.
    #[track_caller]
    pub(crate) fn is_at(&self, path: &str) -> &Self {
        self.wait_for(
            &format!("the address {path}"),
            "return location.pathname + location.search === arguments[0]",
            &[path.into()],
        );
        self
    }

    /// The title of the page, now.
    #[track_caller]
    pub(crate) fn title(&self) -> String {
        self.command("the title", Client::title)
    }

    /// What the page has copied last, once it has.
    #[track_caller]
    pub(crate) fn copied(&self) -> String {
        for name in ["clipboard-read", "clipboard-write"] {
            let permission = json!({ "descriptor": { "name": name }, "state": "granted" });
            self.extension("permissions", permission);
        }
        // The driver waits for a promise.
        let copied = self.script("return navigator.clipboard.readText()");
        copied.as_str().unwrap_or_default().to_owned()
    }
}
