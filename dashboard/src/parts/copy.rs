//! A button that copies.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::copy;
use crate::parts::announce::Announcer;
use crate::parts::icon::{Icon, Sign};

#[component]
pub(crate) fn Copy(
    /// What the button says: `Copy as curl`.
    #[prop(into)]
    label: String,
    /// What is copied, when it is.
    text: impl Fn() -> String + 'static,
    /// Only the sign is seen; the label is read out.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let announcer = Announcer::of_page();
    let click = move |_| {
        let text = text();
        spawn_local(async move {
            match copy(text).await {
                true => announcer.say("Copied"),
                false => announcer
                    .say("This browser does not allow copying here; select the text instead"),
            }
        });
    };
    view! {
        <button type="button" class=if small { "button button-icon" } else { "button" } title=label.clone() on:click=click>
            <Icon sign=Sign::Copy />
            <span class:hidden=small>{label.clone()}</span>
        </button>
    }
}
