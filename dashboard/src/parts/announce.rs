//! Short news for everyone: seen at the edge of the page, and read out by a screen reader.

use std::time::Duration;

use leptos::prelude::*;

const SHOWN: Duration = Duration::from_secs(4);

/// Says things.
#[derive(Clone, Copy)]
pub(crate) struct Announcer(RwSignal<Option<String>>);

impl Default for Announcer {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

impl Announcer {
    /// The one of this page.
    pub(crate) fn of_page() -> Self {
        expect_context()
    }

    pub(crate) fn say(self, what: impl Into<String>) {
        let what = what.into();
        self.0.set(Some(what.clone()));
        set_timeout(
            move || {
                self.0.update(|shown| {
                    // What has been said meanwhile stays for its own time.
                    if *shown == Some(what) {
                        *shown = None;
                    }
                });
            },
            SHOWN,
        );
    }
}

/// Where it is seen.
#[component]
pub(crate) fn Announcements() -> impl IntoView {
    let Announcer(shown) = Announcer::of_page();
    view! {
        <div class="toast" role="status" class:toast-shown=move || shown.with(Option::is_some)>
            {move || shown.get()}
        </div>
    }
}
