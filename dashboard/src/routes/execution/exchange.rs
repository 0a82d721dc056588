//! What was sent to the model and what came back.

use api::history::{Exchange, Role};
use leptos::prelude::*;

use crate::parts::fold::Fold;
use crate::parts::output::Output;
use crate::text::numbers::count;
use crate::text::time::duration;

#[component]
pub(super) fn Exchanges(
    exchanges: Vec<Exchange>,
    /// Of which attempt: ` of attempt 2`.
    of: String,
) -> impl IntoView {
    let several = exchanges.len() > 1;
    let folds = exchanges.into_iter().enumerate().map(|(index, exchange)| {
        let title = match several {
            true => format!("Prompt and reply {}", index + 1),
            false => "Prompt and reply".to_owned(),
        };
        let tokens = exchange.tokens;
        let about = if tokens.estimated { "about " } else { "" };
        let facts = format!(
            "{}, {about}{} tokens read and {} written",
            duration(exchange.seconds),
            count(tokens.prompt),
            count(tokens.completion)
        );
        let of = of.clone();
        let summary =
            view! { <span class="fold-title">{title}</span><span class="muted">{facts}</span> };
        view! { <Fold summary>{messages(&exchange, &of)}</Fold> }
    });
    folds.collect_view()
}

fn messages(exchange: &Exchange, of: &str) -> impl IntoView + use<> {
    let messages = exchange.messages.iter().map(|message| {
        let role = match message.role {
            Role::System => "System",
            Role::User => "User",
            Role::Assistant => "Assistant",
        };
        view! { <li><Output text=message.content.clone() label=role /></li> }
    });
    let messages = messages.collect_view();
    let error = exchange.error.clone();
    let error = error.map(|error| view! { <p class="output-note">{error}</p> });
    let label = format!("Messages{of}");
    view! {
        <ol class="messages" aria-label=label>
            {messages}
            <li class="message-reply"><Output text=exchange.reply.clone() label="Reply" />{error}</li>
        </ol>
    }
}
