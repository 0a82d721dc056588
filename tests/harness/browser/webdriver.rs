//! fantoccini's client for tests that wait: a command has ended when its call returns.

use std::time::Duration;

use fantoccini::error::{CmdError, ErrorStatus, NewSessionError};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use url::{ParseError, Url};

/// No command takes this long: scripts are stopped by the driver sooner.
const PATIENCE: Duration = Duration::from_secs(120);

/// A session of a driver, which runs while it is asked something.
pub(super) struct WebDriver {
    client: Client,
    runtime: Runtime,
}

impl WebDriver {
    /// A new session of the driver at an address.
    pub(super) fn start(
        address: &str,
        capabilities: Capabilities,
    ) -> Result<Self, NewSessionError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime needs a few descriptors");
        let client = runtime.block_on(
            ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://{address}")),
        )?;
        Ok(Self { client, runtime })
    }

    /// What comes of a command.
    pub(super) fn run<'a, T, F>(&'a self, command: impl FnOnce(&'a Client) -> F) -> F::Output
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        let command = async { tokio::time::timeout(PATIENCE, command(&self.client)).await };
        let answer = self.runtime.block_on(command);
        answer.unwrap_or(Err(CmdError::WaitTimeout))
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        // If the browser has crashed there is nothing to end.
        let _ = self.run(|client| client.clone().close());
    }
}

/// Whether the page may only have to come round: it changed while it was looked at, or something still covers what
/// is to be clicked.
pub(super) fn may_pass(failure: &CmdError) -> bool {
    match failure {
        CmdError::Standard(failure) => matches!(
            failure.error,
            ErrorStatus::StaleElementReference
                | ErrorStatus::NoSuchElement
                | ErrorStatus::ElementClickIntercepted
                | ErrorStatus::ElementNotInteractable
                | ErrorStatus::InvalidElementState
                // A script whose page went away.
                | ErrorStatus::JavascriptError
        ),
        // So too, in Chromium's own words.
        CmdError::NotW3C(word) => word == "no such execution context",
        _ => false,
    }
}

/// A command that fantoccini lacks: its path, and what it is sent.
#[derive(Debug)]
pub(super) struct Extension(pub(super) &'static str, pub(super) Value);

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.expect("it has begun");
        base.join(&format!("session/{session}/{}", self.0))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}
