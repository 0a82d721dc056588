//! A model server with a script: OpenAI's chat completions over real HTTP, on a port of its own.
//!
//! `ModelServer::replying([Say::done("print(1)"), Say::text("That is all.")])` gives each request the next reply,
//! keeps what it was asked, and knows when a client hangs up.

mod asked;
mod connection;
mod say;
mod wire;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

pub(crate) use asked::Asked;
pub(super) use connection::Connection;
pub(crate) use say::Say;

/// The name of the model that [`super::Server::asking`] asks for.
pub(crate) const MODEL: &str = "test-model";

/// Nothing that is waited for here takes this long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A model server that answers until the test ends.
pub(crate) struct ModelServer {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Default)]
struct Progress {
    script: VecDeque<Say>,
    asked: Vec<Asked>,
    hung_up: usize,
}

impl ModelServer {
    /// A server with these replies, in this order; whoever asks for more gets a 500 that says so.
    pub(crate) fn replying(script: impl IntoIterator<Item = Say>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(State::default());
        state.change(|progress| progress.script.extend(script));
        let shared = state.clone();
        // The thread ends with the process, which is soon enough for a test.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || state.serve(Connection::new(stream)));
            }
        });
        Self { address, state }
    }

    /// What `llm_url` is set to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Every request for a completion so far.
    pub(crate) fn requests(&self) -> Vec<Asked> {
        self.state.change(|progress| progress.asked.clone())
    }

    /// The one request for a completion that there was.
    #[track_caller]
    pub(crate) fn request(&self) -> Asked {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.remove(0)
    }

    /// Asserts how often it was asked.
    #[track_caller]
    pub(crate) fn was_asked(&self, times: usize) {
        let requests = self.requests();
        assert_eq!(requests.len(), times, "{requests:#?}");
    }

    /// Waits for that many requests.
    #[track_caller]
    pub(crate) fn wait_for_requests(&self, count: usize) {
        self.state
            .wait("requests", |progress| progress.asked.len() >= count);
    }

    /// Waits for a client that hangs up on a reply.
    #[track_caller]
    pub(crate) fn wait_for_hang_up(&self) {
        self.state
            .wait("a client to hang up", |progress| progress.hung_up > 0);
    }
}

impl State {
    fn change<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        let changed = change(&mut self.progress.lock().expect("no other thread panics"));
        self.changed.notify_all();
        changed
    }

    #[track_caller]
    fn wait(&self, what: &str, is_there: impl Fn(&Progress) -> bool) {
        let progress = self.progress.lock().expect("no other thread panics");
        let (progress, waited) = self
            .changed
            .wait_timeout_while(progress, PATIENCE, |progress| !is_there(progress))
            .expect("no other thread panics");
        assert!(
            !waited.timed_out(),
            "the model server waited in vain for {what}; it was asked: {:#?}",
            progress.asked
        );
    }

    /// One request a connection, as with `Connection: close`.
    fn serve(&self, mut connection: Connection) {
        let Some(asked) = connection.read() else {
            return;
        };
        let say = match (asked.method.as_str(), asked.path.as_str()) {
            ("POST", "/v1/chat/completions") => self.change(|progress| {
                let is_streamed = asked.body["stream"] == true;
                progress.asked.push(asked);
                match progress.script.pop_front() {
                    Some(say) if is_streamed => say,
                    Some(say) => say.whole(),
                    None => Say::refusal(500, "the script of this test has no further reply"),
                }
            }),
            ("GET", "/v1/models") => Say::models(&[MODEL, "other"]),
            _ => Say::refusal(404, "this server has no such route"),
        };
        if !say.send(&mut connection) {
            self.change(|progress| progress.hung_up += 1);
        }
    }
}
