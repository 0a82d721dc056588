//! What a page has the browser download.

use std::fs;
use std::path::PathBuf;

use super::Browser;

impl Browser {
    /// The folder that downloads go to.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.session.downloads()
    }

    /// What came down under this name, once it has: while it comes, it has another.
    #[track_caller]
    pub(crate) fn downloaded(&self, name: &str) -> Vec<u8> {
        let file = self.downloads().join(name);
        self.wait(&format!("the download {name}"), || {
            // Asking gives way to the browser.
            self.session.web.get("/url")?;
            Ok(fs::read(&file).ok())
        })
    }
}
