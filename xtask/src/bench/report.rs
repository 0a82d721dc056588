//! The figures as Markdown: what was measured, and beside it what the issue asks for.

use std::fmt;

use serde_json::Value;

use super::agents::Agents;
use super::cases::Clock;
use super::component::{Component, MAX_TIMES};
use super::latency::Latency;
use super::memory::Memory;
use super::repair::Repair;
use super::statistics::Percentiles;
use super::streams::Streams;
use super::throughput::Throughput;
use crate::step::{answer, program};

/// Everything that was measured.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) python: String,
    pub(crate) image: Value,
    pub(crate) latencies: Vec<Latency>,
    pub(crate) throughput: Option<Throughput>,
    pub(crate) memory: Vec<Memory>,
    pub(crate) start: Option<Percentiles>,
    pub(crate) repair: Option<Repair>,
    pub(crate) agents: Option<Agents>,
    pub(crate) streams: Option<Streams>,
    pub(crate) component: Option<Component>,
}

/// One demand, and what came of it.
struct Target {
    what: String,
    wanted: String,
    measured: String,
    met: bool,
}

impl Target {
    fn at_most(what: String, unit: &str, limit: f64, measured: f64) -> Self {
        let text = |value: f64| format!("{value:.1} {unit}");
        Self {
            what,
            wanted: format!("at most {}", text(limit)),
            measured: text(measured),
            met: measured <= limit,
        }
    }

    fn at_least(what: String, unit: &str, limit: f64, measured: f64) -> Self {
        let text = |value: f64| format!("{value:.1} {unit}");
        Self {
            what,
            wanted: format!("at least {}", text(limit)),
            measured: text(measured),
            met: measured >= limit,
        }
    }
}

impl Report {
    fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        for latency in &self.latencies {
            let (case, median) = (latency.case, latency.vivarium.p50);
            if let Some(limit) = case.max_ms {
                targets.push(Target::at_most(
                    format!("{}, median", case.name),
                    "ms",
                    limit,
                    median,
                ));
            }
            let what = || format!("{}, against the subprocess", case.name);
            match case.min_times_faster {
                Some(times) if times < 1.0 => targets.push(Target::at_most(
                    what(),
                    "times its time",
                    1.0 / times,
                    1.0 / latency.times_faster(),
                )),
                Some(times) => {
                    targets.push(Target::at_least(
                        what(),
                        "times faster",
                        times,
                        latency.times_faster(),
                    ));
                }
                None => {}
            }
        }
        for memory in &self.memory {
            let what = format!("private memory of a sandbox after {}", memory.name);
            targets.push(Target::at_most(
                what,
                "MB",
                memory.max_megabytes,
                memory.megabytes,
            ));
        }
        if let Some(throughput) = &self.throughput {
            let what = |what: &str| format!("{} clients: {what}", throughput.clients);
            targets.push(Target::at_least(
                what("calls"),
                "a second",
                300.0,
                throughput.calls_per_second,
            ));
            targets.push(Target::at_most(
                what("failures"),
                "calls",
                0.0,
                throughput.failures as f64,
            ));
            targets.push(Target::at_most(
                what("p99"),
                "ms",
                60.0,
                throughput.latency.p99,
            ));
        }
        if let Some(repair) = &self.repair {
            let more = repair.openinterpreter.p50 - repair.native.p50;
            let what = |what: &str| format!("openinterpreter mode, {what}");
            targets.push(Target::at_most(
                what("code that works, over native mode"),
                "ms",
                1.0,
                more,
            ));
            targets.push(Target::at_most(
                what("a repair, less model and programs"),
                "ms",
                10.0,
                repair.between.p50,
            ));
        }
        if let Some(agents) = &self.agents {
            targets.push(Target::at_most(
                "a stream's first byte, median".to_owned(),
                "ms",
                5.0,
                agents.first_byte.p50,
            ));
            targets.push(Target::at_most(
                "a call over MCP, over the plain call".to_owned(),
                "ms",
                3.0,
                agents.mcp.p50 - agents.plain.p50,
            ));
        }
        if let Some(Streams {
            streams,
            seconds,
            lost,
            ..
        }) = &self.streams
        {
            targets.push(Target::at_most(
                format!("{streams} streams held for {seconds} s: lost"),
                "lines",
                0.0,
                *lost as f64,
            ));
        }
        if let Some(component) = &self.component {
            for (name, native, component) in &component.cases {
                targets.push(Target::at_most(
                    format!("component, {name}, median"),
                    "times the native service's time",
                    MAX_TIMES,
                    component.p50 / native.p50,
                ));
            }
        }
        targets
    }

    fn write_latencies(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| program | vivarium p50 | p95 | p99 | python3 p50 | p95 | p99 | python3 / vivarium |"
        )?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|--:|--:|")?;
        for latency in &self.latencies {
            let mark = if latency.case.clock == Clock::Program {
                " *"
            } else {
                ""
            };
            let three =
                |all: &Percentiles| format!("{:.1} | {:.1} | {:.1}", all.p50, all.p95, all.p99);
            let (ours, theirs) = (three(&latency.vivarium), three(&latency.subprocess));
            writeln!(
                f,
                "| {}{mark} | {ours} | {theirs} | {:.1} |",
                latency.case.name,
                latency.times_faster()
            )?;
        }
        writeln!(f)?;
        writeln!(
            f,
            "Milliseconds, over HTTP through the function with the history written, a new session each,"
        )?;
        writeln!(
            f,
            "against a new process each. Vivarium: Python {}; subprocess: Python {}.",
            self.own_python(),
            self.python
        )?;
        writeln!(
            f,
            "(*) The program's own time, measured by the program on both sides; the rest is the whole call."
        )?;
        writeln!(f)
    }

    /// The image's Python and the packages that the programs use.
    fn own_python(&self) -> String {
        let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
        let packages = ["numpy", "pandas", "matplotlib"]
            .map(|name| format!(", {name} {}", text(&self.image["packages"][name])));
        text(&self.image["python_version"]) + &packages.concat()
    }

    fn write_figures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(throughput) = &self.throughput {
            let Throughput {
                clients,
                calls_per_second,
                failures,
                latency,
            } = throughput;
            writeln!(
                f,
                "- {clients} clients of `print('hi')`: {calls_per_second:.0} calls a second, {failures} failures, \
                 p50 {:.1} ms, p99 {:.1} ms",
                latency.p50, latency.p99
            )?;
        }
        for memory in &self.memory {
            writeln!(
                f,
                "- private memory of a sandbox after {}: {:.2} MB",
                memory.name, memory.megabytes
            )?;
        }
        if let Some(start) = &self.start {
            writeln!(
                f,
                "- from starting `vivarium serve` to its first answer, caches warm: {:.0} ms",
                start.p50
            )?;
        }
        if let Some(repair) = &self.repair {
            writeln!(
                f,
                "- openinterpreter mode: `print('hi')` {:.1} ms, in native mode {:.1} ms; a call that is repaired in \
                 attempt 2: {:.1} ms less what the model and the programs took",
                repair.openinterpreter.p50, repair.native.p50, repair.between.p50
            )?;
        }
        if let Some(agents) = &self.agents {
            writeln!(
                f,
                "- `print('hi')` as a plain call {:.1} ms, over MCP {:.1} ms; a stream's first byte after {:.1} ms \
                 (p99 {:.1} ms)",
                agents.plain.p50, agents.mcp.p50, agents.first_byte.p50, agents.first_byte.p99
            )?;
        }
        if let Some(streams) = &self.streams {
            writeln!(
                f,
                "- {} streams held for {} s, a line a second each: {} lines lost, read {:.1} ms after they were \
                 printed (p99 {:.1} ms)",
                streams.streams,
                streams.seconds,
                streams.lost,
                streams.delay.p50,
                streams.delay.p99
            )?;
        }
        if let Some(component) = &self.component {
            for (name, native, component) in &component.cases {
                writeln!(
                    f,
                    "- the python service as a component, {name}: {:.1} ms (p99 {:.1} ms), natively {:.1} ms",
                    component.p50, component.p99, native.p50
                )?;
            }
            writeln!(
                f,
                "- private memory of a component's instance after print: {:.2} MB",
                component.megabytes
            )?;
        }
        if let Some(bytes) = self.image["compiled_bytes"].as_u64() {
            let seconds = &self.image["build_seconds"];
            writeln!(
                f,
                "- the compiled image: {} MB, built in {seconds} s",
                bytes >> 20
            )?;
        }
        writeln!(f)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", machine())?;
        if !self.latencies.is_empty() {
            self.write_latencies(f)?;
        }
        self.write_figures(f)?;
        writeln!(f, "| target | wanted | measured | |")?;
        writeln!(f, "|---|---|---|---|")?;
        for Target {
            what,
            wanted,
            measured,
            met,
        } in self.targets()
        {
            writeln!(
                f,
                "| {what} | {wanted} | {measured} | {} |",
                if met { "met" } else { "**missed**" }
            )?;
        }
        Ok(())
    }
}

/// When and on what this was measured.
fn machine() -> String {
    let date = answer(program("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_default();
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = answer(program("uname").args(["-s", "-r", "-m"])).unwrap_or_default();
    let rust = answer(program("rustc").arg("--version")).unwrap_or_default();
    format!(
        "Measured on {}, {} cores of {}, {}; Vivarium {}, {}.",
        date.trim(),
        cores,
        model.unwrap_or("an unknown processor"),
        kernel.trim(),
        env!("CARGO_PKG_VERSION"),
        rust.trim()
    )
}
