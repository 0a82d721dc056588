//! A running `vivarium`, and calls to it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::build::vivarium;
use crate::step::program;

const TOOL: &str = "/api/tools/python_coder";

/// `vivarium serve` or `vivarium python` on a free port with a data folder of its own; killed on drop.
pub(crate) struct Server {
    child: Child,
    address: String,
    agent: Agent,
    _data: TempDir,
}

impl Server {
    /// The whole application.
    pub(crate) fn serve(args: &[&str]) -> Result<Self> {
        Self::start("serve", args)
    }

    /// The python service alone.
    pub(crate) fn python(args: &[&str]) -> Result<Self> {
        Self::start("python", args)
    }

    fn start(command: &str, args: &[&str]) -> Result<Self> {
        let data = TempDir::new()?;
        let mut child = start_command(command, &data)
            .args(args)
            .spawn()
            .context("can't start `vivarium`")?;
        let mut stdout = BufReader::new(child.stdout.take().expect("its stdout is piped"));
        let address = read_address(&mut stdout);
        // Nobody reads on; a server that prints more must not block on a full pipe.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        Ok(Self {
            child,
            address: address?,
            agent,
            _data: data,
        })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// An HTTP client with connections of its own.
    pub(crate) fn agent(&self) -> Agent {
        Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into()
    }

    /// Makes a tool call in a new session and gives what the program printed; a failure is an error.
    pub(crate) fn call(&self, agent: &Agent, code: &str) -> Result<String> {
        let answer = self.tool_call(agent, &json!({ "code": code }))?;
        if answer["success"] != true {
            bail!("a call failed: {answer}");
        }
        Ok(answer["data"]["stdout"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Makes a tool call and gives the whole answer.
    pub(crate) fn tool_call(&self, agent: &Agent, request: &Value) -> Result<Value> {
        let body = self
            .post(agent, TOOL, "application/json", request)?
            .body_mut()
            .read_to_string()?;
        serde_json::from_str(&body).with_context(|| format!("not JSON: {body}"))
    }

    /// Makes a tool call and gives its events as they come.
    pub(crate) fn stream(&self, agent: &Agent, request: &Value) -> Result<impl Read + use<>> {
        let response = self.post(agent, TOOL, "text/event-stream", request)?;
        Ok(response.into_body().into_reader())
    }

    /// Posts JSON, and wants an answer of a type.
    pub(crate) fn post(
        &self,
        agent: &Agent,
        path: &str,
        accept: &str,
        request: &Value,
    ) -> Result<Response<Body>> {
        let response = agent
            .post(format!("{}{path}", self.address))
            .header("accept", accept)
            .content_type("application/json")
            .send(request.to_string())?;
        Ok(response)
    }

    /// What the history has of a tool call, by its answer.
    pub(crate) fn execution(&self, answer: &Value) -> Result<Value> {
        let id = answer["metadata"]["execution_id"]
            .as_str()
            .unwrap_or_default();
        let body = self
            .agent
            .get(format!("{}/api/executions/{id}", self.address))
            .call()?
            .body_mut()
            .read_to_string()?;
        serde_json::from_str(&body).with_context(|| format!("not JSON: {body}"))
    }

    /// Starts a program through the python service, and returns once it has printed a whole line. The
    /// program runs on until the reader is dropped.
    pub(crate) fn hold(&self, session: usize, code: &str) -> Result<impl Read + use<>> {
        const MEGABYTE: u64 = 1 << 20;
        let request = json!({
            "code": code, "script_name": "script.py", "stdin": "", "timeout_ms": 300_000,
            "memory_bytes": 1024 * MEGABYTE, "max_output_bytes": MEGABYTE,
            "workspace_max_bytes": 256 * MEGABYTE, "workspace_max_files": 10_000,
        });
        let response = self
            .agent
            .post(format!("{}/v1/sessions/bench-{session}/run", self.address))
            .content_type("application/json")
            .send(request.to_string())?;
        let mut events = BufReader::new(response.into_body().into_reader());
        let mut line = String::new();
        while events.read_line(&mut line)? > 0 {
            let event: Value = serde_json::from_str(&line)?;
            match event["event"].as_str() {
                Some("stdout") => return Ok(events),
                Some("finished") => bail!("a program that should wait ended: {line}"),
                _ => line.clear(),
            }
        }
        bail!("a program that should wait never printed")
    }

    /// Starts a program by a tool call whose events are streamed, and returns once it has printed a whole line. It runs on
    /// until the reader is dropped.
    pub(crate) fn hold_call(&self, agent: &Agent, code: &str) -> Result<impl Read + use<>> {
        let request = json!({ "code": code, "timeout": 300 });
        let mut events = BufReader::new(self.stream(agent, &request)?);
        let mut line = String::new();
        while events.read_line(&mut line)? > 0 {
            if line.contains("hi\\n") || line.contains("\"\\n\"") {
                return Ok(events);
            }
            line.clear();
        }
        bail!("a program that should wait never printed")
    }

    /// Uploads a file.
    pub(crate) fn put(&self, agent: &Agent, path: &str, body: &[u8]) -> Result<()> {
        let response = agent.put(format!("{}{path}", self.address)).send(body)?;
        anyhow::ensure!(response.status().is_success(), "{}", response.status());
        Ok(())
    }

    /// Waits until the python service runs nothing: a run whose caller has gone ends soon, not at once.
    pub(crate) fn wait_until_idle(&self) -> Result<()> {
        let health = format!("{}/v1/health", self.address);
        loop {
            let body = self
                .agent
                .get(&health)
                .call()?
                .body_mut()
                .read_to_string()?;
            let health: Value = serde_json::from_str(&body)?;
            if health["running"] == 0 {
                return Ok(());
            }
        }
    }

    /// The image in use, as `GET /api/config` has it.
    pub(crate) fn image(&self) -> Result<Value> {
        let body = self
            .agent
            .get(format!("{}/api/config", self.address))
            .call()?
            .body_mut()
            .read_to_string()?;
        let config: Value = serde_json::from_str(&body)?;
        Ok(config["python"]["image"].clone())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do about it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command that starts a server on a free port.
fn start_command(command: &str, data: &TempDir) -> Command {
    let mut vivarium = program(vivarium());
    vivarium
        .args([command, "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        // The python service alone logs every run to standard error.
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped());
    vivarium
}

/// Waits for the line that says where the server listens.
fn read_address(stdout: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    while stdout.read_line(&mut line)? > 0 {
        if let Some((_, address)) = line.trim_end().split_once("listening on ") {
            return Ok(address.to_owned());
        }
        line.clear();
    }
    bail!("`vivarium` ended before it listened; it says why above")
}
