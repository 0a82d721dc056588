//! The function's part of `GET /metrics`, in Prometheus' text format. The numbers are the database's, so all instances
//! tell the same ones, and they survive a restart.

use std::fmt::{Display, Write as _};

use api::tool::Mode;

use crate::history::{BOUNDS, Open, Tally};

/// The media type of the format.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

const MODES: [Mode; 2] = [Mode::Native, Mode::OpenInterpreter];

/// Writes everything that the history knows.
pub fn render(tallies: &[Tally], open: &[Open]) -> String {
    let mut text = Text::default();
    text.begin(
        "vivarium_executions_total",
        "counter",
        "Executions that have ended, by mode and by how they ended",
    );
    // Sorted, so what belongs together stands together.
    for group in tallies.chunk_by(|a, b| (&a.mode, &a.outcome) == (&b.mode, &b.outcome)) {
        let count: i64 = group.iter().map(|tally| tally.executions).sum();
        let labels = [("mode", &*group[0].mode), ("outcome", &*group[0].outcome)];
        text.sample("vivarium_executions_total", &labels, count);
    }
    text.durations(tallies);
    text.begin(
        "vivarium_attempts_total",
        "counter",
        "Attempts of executions that have ended",
    );
    for mode in MODES {
        let attempts = of(tallies, mode).map(|tally| tally.attempts).sum::<i64>();
        text.sample(
            "vivarium_attempts_total",
            &[("mode", mode.as_str())],
            attempts,
        );
    }
    text.begin(
        "vivarium_model_tokens_total",
        "counter",
        "Tokens that executions which have ended sent to the model and got from it",
    );
    let prompt: i64 = tallies.iter().map(|tally| tally.prompt_tokens).sum();
    let completion: i64 = tallies.iter().map(|tally| tally.completion_tokens).sum();
    for (kind, tokens) in [("prompt", prompt), ("completion", completion)] {
        text.sample("vivarium_model_tokens_total", &[("kind", kind)], tokens);
    }
    for (name, status, help) in [
        (
            "vivarium_executions_running",
            "running",
            "Executions under way",
        ),
        (
            "vivarium_executions_awaiting_approval",
            "awaiting_approval",
            "Executions that wait for a person's decision",
        ),
    ] {
        text.begin(name, "gauge", help);
        for mode in MODES.map(Mode::as_str) {
            let found = open
                .iter()
                .find(|open| open.mode == mode && open.status == status);
            text.sample(
                name,
                &[("mode", mode)],
                found.map_or(0, |open| open.executions),
            );
        }
    }
    text.0
}

/// Adds the python service's part, or that there is none.
pub fn add_python(text: &mut String, part: Option<&str>) {
    let mut up = Text::default();
    up.begin(
        "vivarium_python_up",
        "gauge",
        "Whether the python service answers",
    );
    up.sample("vivarium_python_up", &[], i32::from(part.is_some()));
    text.push_str(&up.0);
    if let Some(part) = part {
        text.push_str(part.trim_end_matches('\n'));
        text.push('\n');
    }
}

fn of(tallies: &[Tally], mode: Mode) -> impl Iterator<Item = &Tally> {
    tallies
        .iter()
        .filter(move |tally| tally.mode == mode.as_str())
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn begin(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<_> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        match labels.is_empty() {
            true => self.line(format_args!("{name} {value}")),
            false => self.line(format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    fn durations(&mut self, tallies: &[Tally]) {
        let name = "vivarium_execution_duration_seconds";
        self.begin(
            name,
            "histogram",
            "How long executions took, from the call to its answer",
        );
        for mode in MODES {
            let label = ("mode", mode.as_str());
            let timed = || of(tallies, mode).filter(|tally| !tally.le.is_empty());
            let mut count = 0;
            for bound in BOUNDS {
                let within = timed().filter(|tally| tally.le == bound);
                count += within.map(|tally| tally.executions).sum::<i64>();
                self.sample(&format!("{name}_bucket"), &[label, ("le", bound)], count);
            }
            // Nothing comes to 0; its `sum` would be -0.
            let seconds = timed().fold(0.0, |sum, tally| sum + tally.seconds);
            self.sample(&format!("{name}_sum"), &[label], seconds);
            self.sample(&format!("{name}_count"), &[label], count);
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("a string takes all");
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(outcome: &str, le: &str, executions: i64, seconds: f64) -> Tally {
        Tally {
            mode: "native".to_owned(),
            outcome: outcome.to_owned(),
            le: le.to_owned(),
            executions,
            seconds,
            attempts: executions,
            prompt_tokens: 0,
            completion_tokens: 0,
        }
    }

    #[test]
    fn buckets_add_up() {
        let tallies = [
            tally("exception", "0.01", 1, 0.0075),
            tally("interrupted", "", 1, 0.0),
            tally("ok", "+Inf", 1, 400.0),
            tally("ok", "0.005", 2, 0.005),
        ];
        let text = render(&tallies, &[]);
        for line in [
            "vivarium_executions_total{mode=\"native\",outcome=\"ok\"} 3",
            "vivarium_executions_total{mode=\"native\",outcome=\"interrupted\"} 1",
            "vivarium_execution_duration_seconds_bucket{mode=\"native\",le=\"0.005\"} 2",
            "vivarium_execution_duration_seconds_bucket{mode=\"native\",le=\"300\"} 3",
            "vivarium_execution_duration_seconds_bucket{mode=\"native\",le=\"+Inf\"} 4",
            "vivarium_execution_duration_seconds_count{mode=\"native\"} 4",
            "vivarium_execution_duration_seconds_sum{mode=\"native\"} 400.0125",
            "vivarium_attempts_total{mode=\"native\"} 5",
            "vivarium_executions_running{mode=\"openinterpreter\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_label_can_not_end_early() {
        let text = render(&[tally("a\"} 1\n\\", "1", 1, 1.0)], &[]);
        let line = "vivarium_executions_total{mode=\"native\",outcome=\"a\\\"} 1\\n\\\\\"} 1";
        assert!(text.lines().any(|found| found == line), "{text}");
    }
}
