//! How large the page is and what the person prefers; and pictures of it.

use std::fs;
use std::path::PathBuf;

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::json;

use super::super::binary::root;
use super::Browser;

impl Browser {
    /// Makes the page so large, in CSS pixels; a phone's is 390 by 844.
    #[track_caller]
    pub(crate) fn size(&self, width: u32, height: u32) -> &Self {
        self.chromium(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
        self
    }

    /// For a person who prefers dark pages.
    #[track_caller]
    pub(crate) fn dark(&self) -> &Self {
        self.prefers("prefers-color-scheme", "dark")
    }

    /// For a person who prefers light pages.
    #[track_caller]
    pub(crate) fn light(&self) -> &Self {
        self.prefers("prefers-color-scheme", "light")
    }

    /// For a person who prefers something, as CSS has it. What was preferred before is forgotten.
    #[track_caller]
    pub(crate) fn prefers(&self, feature: &str, value: &str) -> &Self {
        let features = json!([{ "name": feature, "value": value }]);
        self.chromium(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features }),
        );
        self
    }

    /// Asserts that nothing sticks out to the right: a page that is scrolled sideways.
    #[track_caller]
    pub(crate) fn fits(&self) -> &Self {
        let wide = self.script(
            "const page = document.documentElement;
             if (page.scrollWidth <= innerWidth) return [];
             return [...document.querySelectorAll('body *')]
                 .filter((found) => found.getBoundingClientRect().right > innerWidth)
                 .slice(0, 8).map((found) => found.outerHTML.slice(0, 120));",
        );
        if wide.as_array().is_none_or(|wide| !wide.is_empty()) {
            self.fail(&format!("the page is wider than the screen: {wide:#}"));
        }
        self
    }

    /// Keeps what is to be seen as `target/screenshots/NAME.png`.
    #[track_caller]
    pub(crate) fn screenshot(&self, name: &str) -> PathBuf {
        match self.picture(name) {
            Ok(path) => path,
            Err(failure) => self.fail(&format!("no picture: {failure}")),
        }
    }

    pub(super) fn picture(&self, name: &str) -> Result<PathBuf, CmdError> {
        let picture = self.session.web.run(Client::screenshot)?;
        let folder = root().join("target/screenshots");
        fs::create_dir_all(&folder).expect("`target` is ours");
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, picture).expect("`target` is ours");
        Ok(path)
    }
}
