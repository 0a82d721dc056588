//! `vivarium serve`, the whole application.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::binary::vivarium_command;
use super::http::Http;
use super::model_server::{MODEL, ModelServer};
use super::process::Process;
use super::session::Session;
use super::tool::{ToolCall, ToolReply};
use super::unique;
use super::which::Which;

/// A server in the making: `Server::with().variable("api_token", "x").start()`.
#[derive(Default)]
pub(crate) struct Setup {
    variables: Vec<(String, String)>,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    listen: Option<String>,
}

impl Setup {
    /// Sets a variable of spin.toml.
    pub(crate) fn variable(mut self, name: &str, value: impl ToString) -> Self {
        self.variables.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets a variable of the process's environment.
    pub(crate) fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Keeps compiled things in a folder of its own instead of the user's.
    pub(crate) fn cache(self, folder: &Path) -> Self {
        self.environment(
            "XDG_CACHE_HOME",
            folder.to_str().expect("a temporary folder's name is UTF-8"),
        )
    }

    /// Listens where others may reach it.
    pub(crate) fn listen(mut self, address: &str) -> Self {
        self.listen = Some(address.to_owned());
        self
    }

    /// Adds to the command line.
    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments
            .extend(arguments.iter().map(ToString::to_string));
        self
    }

    /// Starts it with a data folder of its own.
    pub(crate) fn start(self) -> Server {
        let data = TempDir::new().expect("there is a temporary folder");
        self.start_in(data)
    }

    /// Starts it for a static.
    pub(crate) fn start_static(self) -> Server {
        self.start().for_a_static()
    }

    /// Starts it with a data folder that a former server left.
    pub(crate) fn start_in(self, data: TempDir) -> Server {
        let mut command = vivarium_command();
        command
            .args(["serve", "--listen"])
            .arg(self.listen.as_deref().unwrap_or("127.0.0.1:0"))
            .arg("--data")
            .arg(data.path())
            .args(Which::tested().arguments())
            .args(&self.arguments);
        command.envs(self.environment);
        for (name, value) in &self.variables {
            command.arg("--variable").arg(format!("{name}={value}"));
        }
        let process = Process::start(command);
        Server {
            http: Http::new(&process),
            process,
            data,
        }
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    process: Process,
    http: Http,
    data: TempDir,
}

impl Server {
    /// The one that all tests share which need no settings of their own.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| {
            // Programs that wait must not keep the other tests' programs from running.
            Self::with()
                .arguments(&["--max-concurrent", "16"])
                .start_static()
        })
    }

    /// One with settings of its own.
    pub(crate) fn with() -> Setup {
        Setup::default()
    }

    /// One in openinterpreter mode that asks this model.
    pub(crate) fn asking(model: &ModelServer) -> Setup {
        Self::with()
            .variable("python_executor_mode", "openinterpreter")
            .variable("llm_url", model.url())
            .variable("python_coder_model", MODEL)
    }

    /// Ends it with this process: a static is never dropped.
    pub(crate) fn for_a_static(self) -> Self {
        self.process.end_with_us(self.data());
        self
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// A tool call that names no session.
    pub(crate) fn tool(&self, code: &str) -> ToolCall<'_> {
        ToolCall::new(&self.http, code)
    }

    /// Runs a program in a new session.
    #[track_caller]
    pub(crate) fn run(&self, code: &str) -> ToolReply {
        self.tool(code).send()
    }

    /// A session that no other test uses.
    pub(crate) fn session(&self) -> Session<'_> {
        self.session_called(&unique("session"))
    }

    /// A session by its name.
    pub(crate) fn session_called(&self, id: &str) -> Session<'_> {
        Session::new(self, id.to_owned())
    }

    /// Asserts that it still does what it is for.
    #[track_caller]
    pub(crate) fn still_answers(&self) {
        self.run("print('hi')").prints("hi\n");
    }

    /// `kill -9`; what is left is the data folder.
    pub(crate) fn kill(self) -> TempDir {
        self.process.kill();
        self.data
    }

    /// Waits for its end after it was asked to; the exit status and what is left.
    pub(crate) fn wait(self) -> (std::process::ExitStatus, TempDir) {
        (self.process.wait(), self.data)
    }

    /// A file under the data folder.
    pub(crate) fn data_file(&self, path: &str) -> PathBuf {
        self.data().join(path)
    }
}
