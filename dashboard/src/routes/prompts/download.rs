//! The log as a file, narrowed as the list is.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::MAX_ROWS;
use crate::browser::{now_ms, save};
use crate::connection::Connection;
use crate::parts::announce::Announcer;
use crate::parts::icon::{Icon, Sign};
use crate::text::numbers::things;
use crate::text::promptlog::blocks;
use crate::text::query::Query;

#[component]
pub(super) fn Download(query: Memo<Query>) -> impl IntoView {
    let connection = Connection::of_page();
    let announcer = Announcer::of_page();
    let busy = RwSignal::new(false);
    let download = move |_| {
        let filter = query.get_untracked().filter(now_ms());
        busy.set(true);
        spawn_local(async move {
            let client = connection.client_now();
            let log = client
                .prompt_log_text(&filter, u32::try_from(MAX_ROWS).ok())
                .await;
            busy.try_set(false);
            match log {
                Ok(log) => {
                    let blocks = blocks(&log);
                    let saved = things(blocks as u64, "execution", "executions");
                    save(log.as_bytes(), "prompts.log");
                    announcer.say(match blocks {
                        0 => {
                            "Saved, but nothing that has ended matches: the log is empty".to_owned()
                        }
                        MAX_ROWS.. => {
                            format!("Saved the newest {saved}; narrow the list for earlier ones")
                        }
                        _ => format!("Saved {saved}"),
                    });
                }
                Err(error) => announcer.say(connection.problem(&error).what),
            }
        });
    };
    view! {
        <button
            type="button" class="button" on:click=download disabled=busy
            title=format!("The newest {MAX_ROWS} that match, as text")
        >
            <Icon sign=Sign::Download />"prompts.log"
        </button>
    }
}
