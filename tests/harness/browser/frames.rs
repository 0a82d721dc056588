//! What is in a frame of the page.

use fantoccini::{Client, Locator};

use super::Browser;

impl Browser {
    /// Looks into a frame as if it were the page, once it is loaded. Where it runs no scripts, nothing in it can be
    /// waited for: it is there by then.
    #[track_caller]
    pub(crate) fn in_frame(&self, css: &str, look: impl FnOnce(&Self)) -> &Self {
        self.find(css).enter(css);
        self.is_loaded();
        look(self);
        self.leave()
    }

    /// The text that a frame shows, once it shows any. No script of the page could read it.
    #[track_caller]
    pub(crate) fn frame_text(&self, css: &str) -> String {
        let scroll = "document.querySelector(arguments[0]).scrollIntoView()";
        self.find(css).script_of(scroll, &[css.into()]);
        self.enter(css);
        let text = self.wait_for(
            &format!("text in `{css}`"),
            "return document.body && document.body.innerText.trim()",
            &[],
        );
        self.leave();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page and its frames have tried all that they are made of, and drawn it.
    #[track_caller]
    pub(crate) fn settles(&self) -> &Self {
        for frame in (0..).take(self.count("iframe")) {
            self.command("a frame", |client| client.enter_frame(frame));
            self.is_loaded().leave();
        }
        self.is_loaded();
        let drawn =
            "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0])))";
        self.script_async(drawn, &[]);
        self
    }

    /// Waits until all that the page or frame is made of was tried, asking again and again from outside.
    #[track_caller]
    pub(crate) fn is_loaded(&self) -> &Self {
        let ask = "return document.readyState === 'complete'";
        self.wait("everything to be loaded", || {
            let loaded = self.session.web.run(|client| client.execute(ask, vec![]))?;
            Ok((loaded == true).then_some(()))
        });
        self
    }

    #[track_caller]
    fn enter(&self, css: &str) {
        self.command(css, |client| async move {
            let frame = client.find(Locator::Css(css)).await?;
            frame.enter_frame().await
        });
    }

    #[track_caller]
    fn leave(&self) -> &Self {
        self.command("out of a frame", Client::enter_parent_frame);
        self
    }
}
