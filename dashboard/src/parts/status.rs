//! How an execution stands: a sign, a word and a colour, so that none of them is needed alone.

use api::history::Status;
use leptos::prelude::*;

use crate::parts::icon::{Icon, Sign};
use crate::text::query::STATUSES;

/// Its word for people.
pub(crate) fn word(status: Status) -> &'static str {
    STATUSES
        .into_iter()
        .find(|(known, _)| *known == status)
        .map_or("", |(_, word)| word)
}

fn look(status: Status) -> (&'static str, Sign) {
    match status {
        Status::Succeeded => ("badge badge-good", Sign::Check),
        Status::Failed => ("badge badge-bad", Sign::Cross),
        Status::Running => ("badge badge-live", Sign::Running),
        Status::AwaitingApproval => ("badge badge-warn", Sign::Hand),
        Status::Cancelled => ("badge badge-quiet", Sign::Stop),
        Status::Interrupted => ("badge badge-warn", Sign::Bolt),
        Status::Refused => ("badge badge-bad", Sign::Ban),
    }
}

#[component]
pub(crate) fn StatusBadge(#[prop(into)] status: Signal<Status>) -> impl IntoView {
    move || {
        let (class, sign) = look(status.get());
        view! { <span class=class><Icon sign />{word(status.get())}</span> }
    }
}
