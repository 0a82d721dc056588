//! An execution under way: its events, as they come.

use std::time::Duration;

use api::ExecutionId;
use api::history::Status;
use api::live::LiveEvent;
use api::tool::Mode;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::connection::Connection;
use crate::fetched::Fetched;
use crate::live::sleep;
use crate::parts::elapsed::Elapsed;
use crate::parts::icon::{Icon, Sign};
use crate::parts::live_run::LiveOutput;
use crate::routes::execution::Known;
use crate::text::live_run::LiveRun;

/// Between two attempts to follow. What the history has is shown in the meantime.
const PAUSE: Duration = Duration::from_secs(2);

/// What is known of it.
#[derive(Clone, Copy)]
pub(super) struct Following {
    run: RwSignal<LiveRun>,
}

impl Following {
    /// Follows whenever it is under way, and as long as the page is there.
    pub(super) fn begin(id: ExecutionId, execution: Fetched<Known>, status: Memo<Status>) -> Self {
        let connection = Connection::of_page();
        let following = Self {
            run: RwSignal::new(LiveRun::default()),
        };
        let is_running = Memo::new(move |_| status.get() == Status::Running);
        let handle = StoredValue::new(None::<AbortHandle>);
        let stop = move || {
            if let Some(handle) = handle.try_update_value(Option::take).flatten() {
                handle.abort();
            }
        };
        Effect::new(move || {
            stop();
            if !is_running.get() {
                return;
            }
            let (follow, new) = abortable(following.follow(connection, id.clone(), execution));
            handle.set_value(Some(new));
            spawn_local(async move {
                // Aborted when it is not under way any more, or nobody looks.
                let _ = follow.await;
            });
        });
        on_cleanup(stop);
        following
    }

    async fn follow(self, connection: Connection, id: ExecutionId, execution: Fetched<Known>) {
        loop {
            self.run.set(LiveRun::default());
            if let Ok(mut events) = connection.client_now().follow(&id).await {
                while let Ok(Some(event)) = events.next().await {
                    let is_over = matches!(event, LiveEvent::Finished(_));
                    self.run.update(|run| run.fold(event));
                    if is_over {
                        return execution.again();
                    }
                }
            }
            // Whatever broke it off: the history knows how it stands.
            execution.again();
            sleep(PAUSE).await;
        }
    }
}

#[component]
pub(super) fn Running(following: Following, known: Memo<Known>, ended: Memo<u32>) -> impl IntoView {
    let run = following.run;
    let (mode, started) =
        known.with_untracked(|known| (known.summary.mode, known.summary.started_at));
    let number = Memo::new(move |_| run.with(|run| run.attempt()).max(ended.get() + 1));
    let words = move || match run.with(|run| run.execution_id.is_some()) {
        true => "Running",
        false => "Running; its output is on the way",
    };
    let title = move || match mode {
        Mode::Native => "Under way".to_owned(),
        Mode::OpenInterpreter => format!("Attempt {}, under way", number.get()),
    };
    view! {
        <article class="card attempt attempt-live">
            <header class="attempt-head">
                <h3>{title}</h3>
                <p class="under-way" role="status"><Icon sign=Sign::Running />{words}" "<span aria-hidden="true"><Elapsed since=started.as_millisecond() /></span></p>
            </header>
            <LiveOutput run after=ended programs=true />
        </article>
    }
}
