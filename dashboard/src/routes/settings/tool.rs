//! The tool as a model is given it.

use api::tool::{Tool, ToolList};
use leptos::prelude::*;

use crate::fetched::fetch;
use crate::parts::awaiting::Await;
use crate::parts::code::Code;
use crate::parts::copy::Copy;
use crate::parts::fold::Fold;

#[component]
pub(super) fn Tools() -> impl IntoView {
    let tools = fetch(|client| async move { client.tools().await });
    view! {
        <section class="settings-group" aria-labelledby="tool">
            <h2 id="tool">"What a model is told"</h2>
            <Await what=tools let:tools><Each tools /></Await>
        </section>
    }
}

#[component]
fn Each(tools: Signal<ToolList>) -> impl IntoView {
    let tools = Memo::new(move |_| tools.with(|list| list.tools.clone()));
    move || tools.get().into_iter().map(one).collect_view()
}

fn one(tool: Tool) -> impl IntoView {
    let json = serde_json::to_string_pretty(&tool).expect("wire types are JSON");
    let parameters = serde_json::to_string_pretty(&tool.function.parameters).expect("it was JSON");
    let description = tool.function.description;
    let name = tool.function.name;
    let label = format!("Parameters of {name}, a JSON schema");
    view! {
        <div class="card tool">
            <div class="card-head">
                <h3 class="mono">{name.clone()}</h3>
                <Copy label="Copy as JSON" text=move || json.clone() />
            </div>
            <Fold summary="Description"><p class="tool-text">{description.clone()}</p></Fold>
            <Fold summary="Parameters"><Code source=parameters.clone() python=false label=label.clone() /></Fold>
        </div>
    }
}
