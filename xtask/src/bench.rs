//! `cargo xtask bench`: this system against what it replaces, `python3` started as a subprocess with
//! numpy, pandas and matplotlib in a virtual environment.
//!
//! Everything is measured in one run on one machine, and the two systems take turns, ten calls each, so
//! that a noisy machine is noisy for both. It shows the targets beside what was measured, and
//! does not fail when one is missed: a shared machine is no place to judge from.
//!
//! - [`cases`]: the programs, and what they must reach
//! - [`latency`], [`throughput`], [`memory`], [`start`], [`repair`], [`agents`], [`streams`], [`component`]: one kind
//!   of measurement each
//! - [`crate::server`] and [`subprocess`]: the two systems
//! - [`turns`]: how what is compared is measured; [`statistics`] and [`report`]: what becomes of the numbers

mod agents;
mod cases;
mod component;
mod latency;
mod memory;
mod repair;
mod report;
mod start;
mod statistics;
mod streams;
mod subprocess;
mod throughput;
mod turns;

use anyhow::{Result, bail};
use clap::Args;

use crate::build::build;
use crate::spin::build_component;
use crate::step::{cargo, run, say};
use report::Report;

/// The measurements beside the programs.
const OTHERS: [&str; 7] = [
    "throughput",
    "memory",
    "start",
    "repair",
    "agents",
    "streams",
    "component",
];

/// What to measure, and how often.
#[derive(Args)]
pub(crate) struct Options {
    /// Measured runs of each program on each system
    #[arg(long, default_value_t = 30)]
    runs: usize,
    /// Runs of each before any is measured
    #[arg(long, default_value_t = 3)]
    warm_up: usize,
    /// Calls of the throughput measurement, over all clients
    #[arg(long, default_value_t = 2000)]
    calls: usize,
    /// Clients of the throughput measurement
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Sandboxes held at once to measure the memory of one
    #[arg(long, default_value_t = 16)]
    sandboxes: usize,
    /// Streams held at once
    #[arg(long, default_value_t = 100)]
    streams: usize,
    /// How long they are held, in seconds
    #[arg(long, default_value_t = 60)]
    stream_seconds: u64,
    /// Only this measurement; may be given several times: a program's name, `throughput`, `memory`, `start`, `repair`,
    /// `agents`, `streams` or `component`
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

impl Options {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

/// Measures, and prints the report to stdout.
pub(crate) fn bench(options: &Options) -> Result<()> {
    let known = || cases::ALL.iter().map(|case| case.name).chain(OTHERS);
    if let Some(unknown) = options
        .only
        .iter()
        .find(|only| !known().any(|name| name == *only))
    {
        bail!(
            "no measurement is called `{unknown}`\nhint: there are {}",
            known().collect::<Vec<_>>().join(", ")
        );
    }
    if cfg!(debug_assertions) {
        // The clients share the processors with what they measure: they should cost little themselves.
        return run(
            "starting the benchmark again, optimised",
            cargo(["run", "--release", "--package", "xtask", "--"])
                .args(std::env::args_os().skip(1)),
        );
    }
    build()?;
    if options.wants("component") {
        build_component()?;
    }
    let mut report = Report::default();
    if cases::ALL.iter().any(|case| options.wants(case.name)) {
        let python = subprocess::Python::prepare()?;
        let server = crate::server::Server::serve(&[])?;
        report.python = python.version()?;
        report.image = server.image()?;
        for case in cases::ALL.iter().filter(|case| options.wants(case.name)) {
            say(&format!(
                "measuring {}: {} runs on each side",
                case.name, options.runs
            ));
            report.latencies.push(latency::measure(
                case,
                &server,
                &python,
                options.warm_up,
                options.runs,
            )?);
        }
    }
    if options.wants("throughput") {
        say(&format!(
            "measuring throughput: {} calls by {} clients",
            options.calls, options.clients
        ));
        report.throughput = Some(throughput::measure(options.clients, options.calls)?);
    }
    if options.wants("memory") {
        say(&format!(
            "measuring memory: {} sandboxes at once",
            options.sandboxes
        ));
        report.memory = memory::measure(options.sandboxes)?;
    }
    if options.wants("start") {
        say("measuring the start of `vivarium serve`");
        report.start = Some(start::measure(options.warm_up, 10)?);
    }
    if options.wants("repair") {
        say("measuring openinterpreter mode");
        report.repair = Some(repair::measure(options.warm_up, 5 * options.runs)?);
    }
    if options.wants("agents") {
        say("measuring streams' first bytes and calls over MCP");
        report.agents = Some(agents::measure(5 * options.runs)?);
    }
    if options.wants("streams") {
        say(&format!(
            "measuring {} streams held for {} s",
            options.streams, options.stream_seconds
        ));
        report.streams = Some(streams::measure(options.streams, options.stream_seconds)?);
    }
    if options.wants("component") {
        say("measuring the python service as a component");
        report.component = Some(component::measure(5 * options.runs, options.sandboxes)?);
    }
    print!("{report}");
    Ok(())
}
