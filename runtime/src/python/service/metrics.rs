//! `GET /metrics`: how the runs of this process went, in Prometheus' text format.

use std::time::Duration;

use api::python::Finished;
use axum::extract::State;
use axum::http::{HeaderName, header};
use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TEXT_FORMAT,
    TextEncoder,
};

use super::error::Refusal;
use super::{Service, Shared};

/// Bounds of times in seconds: a run takes milliseconds, and may take five minutes.
const SECONDS: [f64; 15] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];
const MIB: f64 = (1 << 20) as f64;
/// Bounds of a run's memory: the interpreter alone has 230 MiB.
const BYTES: [f64; 7] = [
    240.0 * MIB,
    256.0 * MIB,
    320.0 * MIB,
    512.0 * MIB,
    1024.0 * MIB,
    2048.0 * MIB,
    4096.0 * MIB,
];

/// What is counted, since the process began.
pub(super) struct Metrics {
    registry: Registry,
    runs: IntCounterVec,
    turned_away: IntCounter,
    durations: Histogram,
    waits: Histogram,
    memory: Histogram,
    running: IntGauge,
    most_running: IntGauge,
    queued: IntGauge,
    ready: IntGauge,
    resident: IntGauge,
    started_at: IntGauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let registry = Registry::new();
        let gauge = |name: &str, help: &str| kept(&registry, IntGauge::new(name, help));
        let histogram = |name: &str, help: &str, bounds: &[f64]| {
            let options = HistogramOpts::new(name, help).buckets(bounds.to_vec());
            kept(&registry, Histogram::with_opts(options))
        };
        let runs = Opts::new(
            "vivarium_python_runs_total",
            "Runs that have ended, by how they ended",
        );
        Self {
            runs: kept(&registry, IntCounterVec::new(runs, &["outcome"])),
            turned_away: kept(
                &registry,
                IntCounter::new(
                    "vivarium_python_runs_turned_away_total",
                    "Runs that were refused because the queue was full",
                ),
            ),
            durations: histogram(
                "vivarium_python_run_duration_seconds",
                "How long programs ran, without waiting",
                &SECONDS,
            ),
            waits: histogram(
                "vivarium_python_queue_wait_seconds",
                "How long runs waited for their turn",
                &SECONDS,
            ),
            memory: histogram(
                "vivarium_python_run_peak_memory_bytes",
                "The linear memory of runs at its largest, the interpreter's own included",
                &BYTES,
            ),
            running: gauge("vivarium_python_runs_in_progress", "Runs under way"),
            most_running: gauge(
                "vivarium_python_max_concurrent_runs",
                "Runs at once, at most",
            ),
            queued: gauge("vivarium_python_queue_length", "Runs that wait"),
            ready: gauge(
                "vivarium_python_ready_sandboxes",
                "Sandboxes that are made and wait for a program",
            ),
            resident: gauge(
                "process_resident_memory_bytes",
                "Memory of the process that is in RAM, the image's shared pages included",
            ),
            started_at: gauge(
                "process_start_time_seconds",
                "When the python service started, in seconds since 1970",
            ),
            registry,
        }
    }

    pub(super) fn turned_away(&self) {
        self.turned_away.inc();
    }

    /// A run had its turn.
    pub(super) fn waited(&self, time: Duration) {
        self.waits.observe(time.as_secs_f64());
    }

    /// A run ended, or never began.
    pub(super) fn ended(&self, finished: &Finished) {
        let outcome = finished.outcome.as_str();
        self.runs.with_label_values(&[outcome]).inc();
        // Where there was no sandbox there is nothing to measure.
        if finished.peak_memory_bytes > 0 {
            self.durations.observe(finished.code_ms / 1000.0);
            self.memory.observe(finished.peak_memory_bytes as f64);
        }
    }

    fn text(&self, shared: &Shared) -> prometheus::Result<String> {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.running.set(count(shared.queue.running()));
        self.most_running.set(count(shared.queue.most_running()));
        self.queued.set(count(shared.queue.waiting()));
        self.ready.set(count(shared.sandbox.ready()));
        self.resident.set(resident_bytes().unwrap_or(0));
        self.started_at.set(shared.started_at.as_second());
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

pub(super) async fn show(
    State(service): State<Service>,
) -> Result<([(HeaderName, &'static str); 1], String), Refusal> {
    let text = service.shared.metrics.text(&service.shared);
    let text = text.map_err(|error| Refusal::internal("writing metrics", &error))?;
    Ok(([(header::CONTENT_TYPE, TEXT_FORMAT)], text))
}

/// A metric, known to the registry.
fn kept<M: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<M>) -> M {
    let metric = made.expect("the name is one");
    let known = registry.register(Box::new(metric.clone()));
    known.expect("no other has that name");
    metric
}

/// As Linux tells it; elsewhere nobody does.
fn resident_bytes() -> Option<i64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let resident: i64 = pages.split(' ').nth(1)?.parse().ok()?;
    Some(resident * i64::try_from(rustix::param::page_size()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_a_name_of_its_own_and_its_memory_is_known() {
        let metrics = Metrics::new();
        metrics.turned_away();
        metrics.waited(Duration::from_millis(3));
        let text = TextEncoder::new()
            .encode_to_string(&metrics.registry.gather())
            .unwrap();
        assert!(text.contains("vivarium_python_queue_wait_seconds_bucket{le=\"0.005\"} 1"));
        assert!(text.contains("vivarium_python_runs_turned_away_total 1"));
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1 << 20));
    }
}
