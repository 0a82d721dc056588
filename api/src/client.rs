//! A typed client of the function's HTTP API, natively and in the browser.
//!
//! ```no_run
//! # async fn example() -> Result<(), api::client::ClientError> {
//! use api::client::Client;
//! use api::tool::ToolRequest;
//!
//! let client = Client::new("http://127.0.0.1:3000")?;
//! let request = ToolRequest { code: "print('hi')".into(), ..ToolRequest::default() };
//! println!("{}", client.run(&request).await?.answer);
//! # Ok(())
//! # }
//! ```
//!
//! `examples/run.rs` shows more of it.
//!
//! What goes out and comes in has the types of this crate, and their units: durations are seconds as floats unless a
//! name ends in `_ms`, sizes are bytes, moments are UTC. A program that fails is no error, but an answer with `success:
//! false`. An error says that there is no answer ([`ClientError::Transport`], worth another try), that the server
//! refused ([`ClientError::Refused`], with its status, a word and what to do), or that it is none of Vivarium's
//! ([`ClientError::Unexpected`]).

mod address;
mod answer;
mod stream;

use reqwest::{Body, Method, RequestBuilder, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::{Config, Health};
use crate::error::ErrorBody;
use crate::files::{FilePage, Table};
use crate::filter::Filter;
use crate::history::{Execution, ExecutionSummary, Page, PromptLogEntry, Session};
use crate::live::{Changes, LiveEvent};
use crate::overview::Overview;
use crate::tool::{Approval, Receipt, Rejection, ToolList, ToolRequest, ToolResponse};
use crate::{ExecutionId, SessionId, WorkspacePath};
use address::{encode, filtered, paged};
use answer::{accepted, body, refused_call};
pub use stream::Stream;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The base is no URL that paths can be put behind.
    #[error("`{0}` is not the address of a server, such as http://127.0.0.1:3000")]
    Base(String),
    /// The request or its answer was lost on the way.
    #[error("can't reach Vivarium: {0}")]
    Transport(#[from] reqwest::Error),
    /// Vivarium refused it, and says why.
    #[error("{body}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// In its own words.
        #[source]
        body: ErrorBody,
    },
    /// Something answered that is not Vivarium, or another version of it.
    #[error("an answer that Vivarium does not give (status {status}): {source}")]
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// What is wrong with the body.
        source: serde_json::Error,
    },
}

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageOf {
    /// Items, from 1 to 200; the server's choice when missing.
    pub limit: Option<u32>,
    /// [`Page::next_cursor`] of the page before; the first page when missing.
    pub cursor: Option<String>,
}

/// A client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
}

impl Client {
    /// A client of the server at `base`.
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let url = Url::parse(base).ok().filter(|url| !url.cannot_be_a_base());
        let base = url.ok_or_else(|| ClientError::Base(base.to_owned()))?;
        Ok(Self {
            http: reqwest::Client::new(),
            base,
            token: None,
        })
    }

    /// The same with the bearer token that `api_token` asks for.
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Runs code, and waits for its end. A program that fails and a request that is refused are both answers, in the
    /// tool's shape; of a refused one `metadata.code` says why. Dropping the future cancels the execution.
    pub async fn run(&self, request: &ToolRequest) -> Result<ToolResponse, ClientError> {
        let url = self.url(&["api", "tools", "python_coder"]);
        let response = self.request(Method::POST, url).json(request).send().await?;
        body(response).await
    }

    /// Begins to run code, and does not wait for its end.
    pub async fn run_in_background(&self, request: &ToolRequest) -> Result<Receipt, ClientError> {
        let mut url = self.url(&["api", "tools", "python_coder"]);
        url.set_query(Some("background=true"));
        let response = self.request(Method::POST, url).json(request).send().await?;
        if !response.status().is_success() {
            return Err(refused_call(response).await);
        }
        body(response).await
    }

    /// Cancels an execution that runs or waits, and says how it stands then. One that has ended is a conflict.
    pub async fn cancel(&self, id: &ExecutionId) -> Result<Execution, ClientError> {
        let url = self.url(&["api", "executions", id.as_str(), "cancel"]);
        body(accepted(self.request(Method::POST, url).send().await?).await?).await
    }

    /// The tool as a model is given it.
    pub async fn tools(&self) -> Result<ToolList, ClientError> {
        self.get(self.url(&["api", "tools"])).await
    }

    /// Runs code and tells what happens. Dropping the stream cancels the execution.
    pub async fn stream(&self, request: &ToolRequest) -> Result<Stream<LiveEvent>, ClientError> {
        let url = self.url(&["api", "tools", "python_coder"]);
        let request = self.request(Method::POST, url).json(request);
        let response = streamed(request).send().await?;
        if !response.status().is_success() {
            return Err(refused_call(response).await);
        }
        Ok(Stream::new(response))
    }

    /// Follows an execution that somebody else began, from its beginning.
    pub async fn follow(&self, id: &ExecutionId) -> Result<Stream<LiveEvent>, ClientError> {
        let url = self.url(&["api", "executions", id.as_str(), "events"]);
        self.open_stream(url).await
    }

    /// What changed in the history since a cursor; without one, only the cursor to begin with.
    pub async fn changes(&self, cursor: Option<&str>) -> Result<Changes, ClientError> {
        self.get(self.changes_url(cursor)).await
    }

    /// The same as it happens, without end.
    pub async fn watch(&self, cursor: Option<&str>) -> Result<Stream<Changes>, ClientError> {
        self.open_stream(self.changes_url(cursor)).await
    }

    /// How things went in the last hours.
    pub async fn overview(&self, hours: u32) -> Result<Overview, ClientError> {
        let mut url = self.url(&["api", "overview"]);
        url.query_pairs_mut()
            .append_pair("hours", &hours.to_string());
        self.get(url).await
    }

    /// Sessions, the one with the latest execution first.
    pub async fn sessions(
        &self,
        filter: &Filter,
        page: &PageOf,
    ) -> Result<Page<Session>, ClientError> {
        self.get(filtered(self.url(&["api", "sessions"]), filter, page))
            .await
    }

    /// One session.
    pub async fn session(&self, id: &SessionId) -> Result<Session, ClientError> {
        self.get(self.url(&["api", "sessions", id.as_str()])).await
    }

    /// Forgets a session with its history and its files.
    pub async fn delete_session(&self, id: &SessionId) -> Result<(), ClientError> {
        let url = self.url(&["api", "sessions", id.as_str()]);
        accepted(self.request(Method::DELETE, url).send().await?)
            .await
            .map(|_| ())
    }

    /// A session's executions, newest first.
    pub async fn executions(
        &self,
        id: &SessionId,
        page: &PageOf,
    ) -> Result<Page<ExecutionSummary>, ClientError> {
        self.get(paged(
            self.url(&["api", "sessions", id.as_str(), "executions"]),
            page,
        ))
        .await
    }

    /// Executions of all sessions, newest first.
    pub async fn all_executions(
        &self,
        filter: &Filter,
        page: &PageOf,
    ) -> Result<Page<ExecutionSummary>, ClientError> {
        self.get(filtered(self.url(&["api", "executions"]), filter, page))
            .await
    }

    /// Lets code run that waits; answers when the execution has ended, or waits again.
    pub async fn approve(
        &self,
        id: &ExecutionId,
        approval: &Approval,
    ) -> Result<ToolResponse, ClientError> {
        self.decide(id, "approve", approval).await
    }

    /// Keeps code from running that waits; answers like [`Client::approve`].
    pub async fn reject(
        &self,
        id: &ExecutionId,
        rejection: &Rejection,
    ) -> Result<ToolResponse, ClientError> {
        self.decide(id, "reject", rejection).await
    }

    /// One execution with everything.
    pub async fn execution(&self, id: &ExecutionId) -> Result<Execution, ClientError> {
        self.get(self.url(&["api", "executions", id.as_str()]))
            .await
    }

    /// A session's files, by path.
    pub async fn files(&self, id: &SessionId, page: &PageOf) -> Result<FilePage, ClientError> {
        self.get(paged(
            self.url(&["api", "sessions", id.as_str(), "files"]),
            page,
        ))
        .await
    }

    /// The address of a file, for a link.
    pub fn file_url(&self, id: &SessionId, path: &WorkspacePath) -> Url {
        let mut segments = vec!["api", "sessions", id.as_str(), "files"];
        segments.extend(path.as_str().split('/'));
        self.url(&segments)
    }

    /// Reads a file; the response can be streamed.
    pub async fn read_file(
        &self,
        id: &SessionId,
        path: &WorkspacePath,
    ) -> Result<Response, ClientError> {
        accepted(
            self.request(Method::GET, self.file_url(id, path))
                .send()
                .await?,
        )
        .await
    }

    /// Writes a file, whatever was there.
    pub async fn write_file(
        &self,
        id: &SessionId,
        path: &WorkspacePath,
        content: impl Into<Body>,
    ) -> Result<(), ClientError> {
        let request = self
            .request(Method::PUT, self.file_url(id, path))
            .body(content);
        accepted(request.send().await?).await.map(|_| ())
    }

    /// Deletes a file.
    pub async fn delete_file(
        &self,
        id: &SessionId,
        path: &WorkspacePath,
    ) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, self.file_url(id, path));
        accepted(request.send().await?).await.map(|_| ())
    }

    /// All files of a session as a zip archive; the response can be streamed.
    pub async fn archive(&self, id: &SessionId) -> Result<Response, ClientError> {
        let url = self.url(&["api", "sessions", id.as_str(), "files.zip"]);
        accepted(self.request(Method::GET, url).send().await?).await
    }

    /// The beginning of a CSV, TSV or Excel file as a table: at most `rows` rows, of one sheet or the first.
    pub async fn table(
        &self,
        id: &SessionId,
        path: &WorkspacePath,
        sheet: Option<&str>,
        rows: u32,
    ) -> Result<Table, ClientError> {
        let mut segments = vec!["api", "sessions", id.as_str(), "tables"];
        segments.extend(path.as_str().split('/'));
        let mut url = self.url(&segments);
        url.query_pairs_mut().append_pair("rows", &rows.to_string());
        if let Some(sheet) = sheet {
            url.query_pairs_mut().append_pair("sheet", sheet);
        }
        self.get(url).await
    }

    /// The prompt log in parts, newest first.
    pub async fn prompt_log(
        &self,
        filter: &Filter,
        page: &PageOf,
    ) -> Result<Page<PromptLogEntry>, ClientError> {
        let url = self.url(&["api", "logs", "prompts"]);
        self.get(filtered(url, filter, page)).await
    }

    /// The prompt log as text: its newest blocks, in the order of time.
    pub async fn prompt_log_text(
        &self,
        filter: &Filter,
        limit: Option<u32>,
    ) -> Result<String, ClientError> {
        let page = PageOf {
            limit,
            cursor: None,
        };
        let url = filtered(self.url(&["api", "logs", "prompts.log"]), filter, &page);
        let response = accepted(self.request(Method::GET, url).send().await?).await?;
        Ok(response.text().await?)
    }

    /// The settings in force.
    pub async fn config(&self) -> Result<Config, ClientError> {
        self.get(self.url(&["api", "config"])).await
    }

    /// Whether all is well; that it is not is an answer too.
    pub async fn health(&self) -> Result<Health, ClientError> {
        body(
            self.request(Method::GET, self.url(&["api", "health"]))
                .send()
                .await?,
        )
        .await
    }

    async fn decide(
        &self,
        id: &ExecutionId,
        decision: &str,
        words: &impl Serialize,
    ) -> Result<ToolResponse, ClientError> {
        let url = self.url(&["api", "executions", id.as_str(), decision]);
        let response = self.request(Method::POST, url).json(words).send().await?;
        body(accepted(response).await?).await
    }

    fn changes_url(&self, cursor: Option<&str>) -> Url {
        let mut url = self.url(&["api", "events"]);
        if let Some(cursor) = cursor {
            url.query_pairs_mut().append_pair("cursor", cursor);
        }
        url
    }

    async fn open_stream<T>(&self, url: Url) -> Result<Stream<T>, ClientError> {
        let response = streamed(self.request(Method::GET, url)).send().await?;
        Ok(Stream::new(accepted(response).await?))
    }

    async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, ClientError> {
        body(accepted(self.request(Method::GET, url).send().await?).await?).await
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Every segment is percent-encoded by itself, so that none can break out of its place.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        let mut path = url.path().trim_end_matches('/').to_owned();
        for segment in segments {
            path.push('/');
            encode(segment, &mut path);
        }
        url.set_path(&path);
        url
    }
}

fn streamed(request: RequestBuilder) -> RequestBuilder {
    request.header(reqwest::header::ACCEPT, "text/event-stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_segment_by_segment() {
        let client = Client::new("http://127.0.0.1:3000/").unwrap();
        let id = SessionId::parse("abc").unwrap();
        let url = client.file_url(&id, &WorkspacePath::parse("a b/c?d#é").unwrap());
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:3000/api/sessions/abc/files/a%20b/c%3Fd%23%C3%A9"
        );
        let url = client.file_url(&id, &WorkspacePath::parse("a\n\tb%0A").unwrap());
        assert_eq!(url.path(), "/api/sessions/abc/files/a%0A%09b%250A");
        let under = Client::new("http://127.0.0.1:3000/under/").unwrap();
        assert_eq!(under.url(&["x"]).path(), "/under/x");
        let page = PageOf {
            limit: Some(5),
            cursor: Some("a&b".into()),
        };
        assert_eq!(
            paged(client.url(&["x"]), &page).as_str(),
            "http://127.0.0.1:3000/x?limit=5&cursor=a%26b"
        );
    }

    #[test]
    fn a_base_must_be_an_address() {
        for bad in ["", "localhost", "mailto:a@b"] {
            assert!(
                matches!(Client::new(bad), Err(ClientError::Base(_))),
                "{bad}"
            );
        }
    }
}
