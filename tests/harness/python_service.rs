//! The python service alone: `vivarium python`, or the component in a host with nothing else.

use std::path::Path;
use std::sync::OnceLock;

use api::python::{Health, RunRequest};
use tempfile::TempDir;

use super::binary::vivarium_command;
use super::http::Http;
use super::process::Process;
use super::run::{Ran, Run, run_request};
use super::unique;
use super::which::{Which, component_alone};

/// A python service that runs until it is dropped.
pub(crate) struct PythonService {
    process: Process,
    http: Http,
    data: TempDir,
}

impl PythonService {
    /// The one that all tests share which need no options of their own.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<PythonService> = OnceLock::new();
        SHARED.get_or_init(|| {
            let service = Self::start(&["--max-concurrent", "16"]);
            service.process.end_with_us(service.data());
            service
        })
    }

    /// One with options of its own.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_in(&[], arguments)
    }

    /// The same, in an environment with these variables too.
    pub(crate) fn start_in(environment: &[(&str, &str)], arguments: &[&str]) -> Self {
        Self::start_one(Which::tested(), environment, arguments)
    }

    /// One of the two, whichever this run of the tests is about.
    pub(crate) fn start_which(which: Which) -> &'static Self {
        static NATIVE: OnceLock<PythonService> = OnceLock::new();
        static COMPONENT: OnceLock<PythonService> = OnceLock::new();
        let service = match which {
            Which::Native => &NATIVE,
            Which::Component => &COMPONENT,
        };
        service.get_or_init(|| {
            let service = Self::start_one(which, &[], &[]);
            service.process.end_with_us(service.data());
            service
        })
    }

    fn start_one(which: Which, environment: &[(&str, &str)], arguments: &[&str]) -> Self {
        let data = TempDir::new().expect("there is a temporary folder");
        let mut command = vivarium_command();
        match which {
            Which::Native => command.arg("python"),
            Which::Component => command
                .args(["serve", "--from"])
                .arg(component_alone(data.path()))
                .args(which.arguments()),
        };
        command
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            .envs(environment.iter().copied());
        let process = Process::start(command);
        Self {
            http: Http::new(&process),
            process,
            data,
        }
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

    /// The address, for `python_url`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.process.address())
    }

    /// Starts a program in a new session; its events are read one by one.
    #[track_caller]
    pub(crate) fn start_run(&self, code: &str) -> Run {
        self.start_request(&unique("run"), &run_request(code))
    }

    /// Starts a run with a session and limits of its own.
    #[track_caller]
    pub(crate) fn start_request(&self, session_id: &str, request: &RunRequest) -> Run {
        Run::start(&self.http, session_id, request)
    }

    /// Runs a program to its end.
    #[track_caller]
    pub(crate) fn run(&self, code: &str) -> Ran {
        self.start_run(code).finish()
    }

    /// SIGTERM; the exit status, after what is to be seen meanwhile.
    pub(crate) fn terminate(self, meanwhile: impl FnOnce()) -> std::process::ExitStatus {
        self.process.terminate();
        meanwhile();
        self.process.wait()
    }

    /// How it is.
    pub(crate) fn health(&self) -> Health {
        self.http.get("/v1/health").expect(200).json()
    }
}
