//! A page in a real browser, as a person has it: what is seen, and what is done.
//!
//! `let page = Browser::open(&server, "/sessions"); page.click_text("Run"); page.sees("done");`
//!
//! Whatever is looked for is waited for, ten seconds at most. What is not there by then fails the test with all
//! that is known: the address, what the page shows, what the browser's console and the server say, a picture.
//! A test ends with a look at the console: an error in it fails the test.
//!
//! - `driver`: chromedriver and its browsers; `webdriver`: fantoccini
//! - `looking`, `doing`: what is seen and what is done; `appearance`: how large, how bright; `still`: what moved
//! - `network`: slow, or cut off
//! - `console`: what the page complained of
//! - `accessibility`: axe
//! - `files`: what comes down, and what is dropped
//! - `frames`: what is in a frame

mod accessibility;
mod appearance;
mod console;
mod doing;
mod driver;
mod files;
mod frames;
mod looking;
mod network;
mod still;
mod webdriver;

use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use super::process::Log;
use super::server::Server;
use console::Console;
use driver::Session;
use webdriver::{Extension, may_pass};

/// How long something may take to be there.
const PATIENCE: Duration = Duration::from_secs(10);

/// A page, and the browser that shows it.
///
/// There are few at once: a test that asks for a second one while it has one may wait for itself.
pub(crate) struct Browser {
    session: Session,
    /// `http://127.0.0.1:PORT`.
    address: String,
    log: Option<Log>,
    console: Console,
}

impl Browser {
    /// Opens a page of a server in a browser of its own, which knows nothing yet.
    #[track_caller]
    pub(crate) fn open(server: &Server, path: &str) -> Self {
        let process = server.process();
        let browser = Self {
            session: Session::start(),
            address: format!("http://{}", process.address()),
            log: Some(process.log().clone()),
            console: Console::default(),
        };
        browser.go(path);
        browser
    }

    /// Opens an address that has nothing to do with any server, such as `data:text/html,...`.
    #[track_caller]
    pub(crate) fn open_url(url: &str) -> Self {
        let browser = Self {
            session: Session::start(),
            address: String::new(),
            log: None,
            console: Console::default(),
        };
        browser.go(url);
        browser
    }

    /// Goes to another page, as if its address were typed: the dashboard starts anew.
    #[track_caller]
    pub(crate) fn go(&self, path: &str) {
        let url = format!("{}{path}", self.address);
        self.command(&url, |client| client.goto(&url));
    }

    /// The same on another server.
    #[track_caller]
    pub(crate) fn open_on(&self, server: &Server, path: &str) {
        let url = format!("http://{}{path}", server.process().address());
        self.command(&url, |client| client.goto(&url));
    }

    /// Goes back, as the browser's button does.
    #[track_caller]
    pub(crate) fn back(&self) {
        self.command("back", Client::back);
    }

    /// Loads the page again.
    #[track_caller]
    pub(crate) fn reload(&self) {
        self.command("reload", Client::refresh);
    }

    /// Runs the body of a function in the page, and gives what it returns.
    #[track_caller]
    pub(crate) fn script(&self, body: &str) -> Value {
        self.script_of(body, &[])
    }

    /// The same, of `arguments`.
    #[track_caller]
    fn script_of(&self, body: &str, arguments: &[Value]) -> Value {
        self.command(body, |client| client.execute(body, arguments.to_vec()))
    }

    /// The same, of a function that calls its last argument with what it has to say.
    #[track_caller]
    fn script_async(&self, body: &str, arguments: &[Value]) -> Value {
        self.command(body, |client| {
            client.execute_async(body, arguments.to_vec())
        })
    }

    /// A command of Chromium's own protocol.
    #[track_caller]
    fn chromium(&self, command: &str, parameters: &Value) -> Value {
        let command = json!({ "cmd": command, "params": parameters });
        self.extension("goog/cdp/execute", command)
    }

    /// A command that only some drivers have.
    #[track_caller]
    fn extension(&self, path: &'static str, body: Value) -> Value {
        self.command(path, |client| client.issue_cmd(Extension(path, body)))
    }

    /// A command that has to succeed.
    #[track_caller]
    fn command<'a, T, F>(&'a self, what: &str, command: impl FnOnce(&'a Client) -> F) -> T
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        match self.session.web.run(command) {
            Ok(value) => value,
            Err(failure) => self.fail(&format!("{what}: {failure}")),
        }
    }

    /// Asks until there is an answer. A failure that may pass is as good as none.
    #[track_caller]
    fn wait<T>(&self, what: &str, mut ask: impl FnMut() -> Result<Option<T>, CmdError>) -> T {
        let start = Instant::now();
        loop {
            let last = match ask() {
                Ok(Some(answer)) => return answer,
                Ok(None) => String::new(),
                Err(failure) if may_pass(&failure) => failure.to_string(),
                Err(failure) => self.fail(&format!("{what}: {failure}")),
            };
            if start.elapsed() > PATIENCE {
                self.fail(&format!("waited ten seconds for {what} {last}"));
            }
        }
    }

    /// Asks the page until a function's body returns something true. It waits in the page, where that costs
    /// nothing, a moment at a time: the page may be left meanwhile.
    #[track_caller]
    fn wait_for(&self, what: &str, body: &str, arguments: &[Value]) -> Value {
        let script = format!(
            "const [given, done] = arguments, start = Date.now();
             const ask = function () {{ {body} }};
             const again = () => {{
                 const answer = ask.apply(null, given);
                 if (answer || Date.now() - start > 500) done(answer); else setTimeout(again, 20);
             }};
             again();"
        );
        self.wait(what, || {
            let answer = self
                .session
                .web
                .run(|client| client.execute_async(&script, vec![arguments.into()]))?;
            let nothing = answer.is_null() || answer == false;
            Ok((!nothing).then_some(answer))
        })
    }

    /// Fails the test, with all that is known.
    #[track_caller]
    fn fail(&self, why: &str) -> ! {
        panic!("{why}\n{}", self.report());
    }

    /// The page as it is, for whoever wants to know why something failed.
    fn report(&self) -> String {
        let asked = |script: &str| {
            let answer = self
                .session
                .web
                .run(|client| client.execute(script, vec![]));
            answer.map_or_else(
                |failure| failure.to_string(),
                |value| value.as_str().unwrap_or_default().to_owned(),
            )
        };
        let name = std::thread::current()
            .name()
            .unwrap_or("a test")
            .replace("::", "-");
        let picture = self.picture(&format!("failed-{name}"));
        format!(
            "address: {}\npage:\n{}\nconsole:\n{}\npicture: {}\nserver:\n{}",
            asked("return location.href"),
            asked("return document.body ? document.body.innerText : ''"),
            self.console.read(&self.session.web).join("\n"),
            picture.map_or_else(
                |failure| failure.to_string(),
                |path| path.display().to_string()
            ),
            self.log.as_ref().map(Log::text).unwrap_or_default()
        )
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that fails already says what the console has.
        if !std::thread::panicking() {
            self.console.assert_quiet(self);
        }
    }
}
