//! What is in a frame of the page.

use serde_json::{Value, json};

use super::Browser;

/// The element that a selector means.
const SELECTED: &str = "return document.querySelector(arguments[0])";

impl Browser {
    /// Looks into a frame as if it were the page, once it is loaded. Where it runs no scripts, nothing in it can be
    /// waited for: it is there by then.
    #[track_caller]
    pub(crate) fn in_frame(&self, css: &str, look: impl FnOnce(&Self)) -> &Self {
        self.find(css);
        let frame = self.script_of(SELECTED, &json!([css]));
        self.command("/frame", &json!({ "id": frame }));
        self.is_loaded();
        look(self);
        self.command("/frame", &json!({ "id": Value::Null }));
        self
    }

    /// Waits until the page and its frames have tried all that they are made of, and drawn it.
    #[track_caller]
    pub(crate) fn settles(&self) -> &Self {
        for frame in 0..self.count("iframe") {
            self.command("/frame", &json!({ "id": frame }));
            self.is_loaded();
            self.command("/frame", &json!({ "id": Value::Null }));
        }
        self.is_loaded();
        let drawn = json!({
            "script": "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0])))",
            "args": [],
        });
        self.command("/execute/async", &drawn);
        self
    }

    /// Waits until all that the page or frame is made of was tried, asking again and again from outside.
    #[track_caller]
    pub(crate) fn is_loaded(&self) -> &Self {
        let ask = json!({ "script": "return document.readyState === 'complete'", "args": [] });
        self.wait("everything to be loaded", || {
            let loaded = self.session.web.post("/execute/sync", &ask)?;
            Ok((loaded == true).then_some(()))
        });
        self
    }
}
