//! Code that waits for a person.

use api::ExecutionId;
use api::tool::{Approval, Rejection};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::connection::{Connection, Problem};
use crate::fetched::Fetched;
use crate::parts::announce::Announcer;
use crate::parts::editor::Editor;
use crate::parts::icon::{Icon, Sign};
use crate::routes::execution::Known;

/// What a person decides.
enum Decision {
    Approve { code: Option<String> },
    Reject { reason: Option<String> },
}

#[component]
pub(super) fn Approve(
    /// The code that is seen, and that the decision is on.
    proposed: String,
    execution: Fetched<Known>,
    refused: RwSignal<Option<Problem>>,
) -> impl IntoView {
    let code = RwSignal::new(proposed.clone());
    let reason = RwSignal::new(String::new());
    let rejects = RwSignal::new(false);
    let is_decided = RwSignal::new(false);
    let decide = decide(proposed.clone(), execution, refused, is_decided);
    let is_changed = {
        let proposed = proposed.clone();
        Memo::new(move |_| code.with(|code| *code != proposed))
    };
    let is_empty = Memo::new(move |_| code.with(|code| code.trim().is_empty()));
    let approve = {
        let decide = decide.clone();
        move |_| {
            let changed = is_changed.get_untracked();
            let code = changed.then(|| code.get_untracked());
            decide(Decision::Approve { code });
        }
    };
    let reject = move || {
        let reason = reason.get_untracked().trim().to_owned();
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        decide(Decision::Reject { reason });
    };
    let reset = move |_| code.set(proposed.clone());
    let approve_words = move || {
        if is_changed.get() {
            "Approve with edits"
        } else {
            "Approve"
        }
    };
    let undo = move || {
        is_changed.get().then(|| {
            view! { <button type="button" class="button" on:click=reset.clone()>"Take the edits back"</button> }
        })
    };
    let why = move || {
        let reject = reject.clone();
        rejects.get().then(|| {
            let send = move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                reject();
            };
            view! {
                <form class="reject" on:submit=send>
                    <label for="reason">"Why? The model reads it and writes something else."</label>
                    <input id="reason" class="field" placeholder="Optional" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) />
                    <button class="button button-danger" disabled=move || is_decided.get()>"Reject it"</button>
                </form>
            }
        })
    };
    view! {
        <section class="card approval" aria-label="Approval">
            <header class="approval-head">
                <Icon sign=Sign::Hand />
                <div>
                    <h2>"This code waits for you"</h2>
                    <p class="muted">"It runs once you approve it, as it is or as you change it here."</p>
                </div>
            </header>
            <Editor text=code label="Code that waits for approval" id="proposed-code" fits=true />
            <div class="page-actions">
                <button
                    type="button" class="button button-main" disabled=move || is_decided.get() || is_empty.get() on:click=approve
                ><Icon sign=Sign::Check />{approve_words}</button>
                <button
                    type="button" class="button" aria-expanded=move || rejects.get().to_string()
                    disabled=move || is_decided.get() on:click=move |_| rejects.update(|rejects| *rejects = !*rejects)
                ><Icon sign=Sign::Ban />"Reject"</button>
                {undo}
            </div>
            {why}
        </section>
    }
}

/// Sends a decision. It is answered when the execution has ended or waits again, which nobody has to wait for here:
/// the history tells what comes of it, and what was decided goes on when the page is left.
fn decide(
    proposed: String,
    execution: Fetched<Known>,
    refused: RwSignal<Option<Problem>>,
    is_decided: RwSignal<bool>,
) -> impl Fn(Decision) + Clone + Send + Sync + 'static {
    let connection = Connection::of_page();
    let announcer = Announcer::of_page();
    move |decision| {
        let id = execution.with(|known| known.map(|known| known.summary.execution_id.clone()));
        let Some(Ok(id)) = id.map(|id| ExecutionId::parse(&id)) else {
            return;
        };
        let proposed_code = Some(proposed.clone());
        is_decided.set(true);
        refused.set(None);
        spawn_local(async move {
            let client = connection.client_now();
            let answer = match decision {
                Decision::Approve { code } => {
                    announcer.say("Approved");
                    client
                        .approve(
                            &id,
                            &Approval {
                                code,
                                proposed_code,
                            },
                        )
                        .await
                }
                Decision::Reject { reason } => {
                    announcer.say("Rejected");
                    client
                        .reject(
                            &id,
                            &Rejection {
                                reason,
                                proposed_code,
                            },
                        )
                        .await
                }
            };
            if let Err(error) = answer {
                refused.try_set(Some(said(connection.problem(&error))));
                is_decided.try_set(false);
            }
            // The page may be gone.
            if refused.try_get_untracked().is_some() {
                execution.again();
            }
        });
    }
}

/// Why a decision was not taken. Where somebody was quicker, what there is to do is to look again.
fn said(problem: Problem) -> Problem {
    match problem.status {
        Some(409) => Problem {
            what: "This decision came too late".to_owned(),
            hint: Some(
                "it has been decided already, or other code waits by now. Below is how it stands."
                    .to_owned(),
            ),
            ..problem
        },
        _ => problem,
    }
}
