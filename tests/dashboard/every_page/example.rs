//! A server that was used for a day: what an analyst's agents did, what failed, what was repaired, what waits.

use std::sync::OnceLock;

use api::history::Status;
use api::tool::Mode;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;
use tempfile::TempDir;

use crate::harness::history::{Past, record};
use crate::harness::{ModelServer, Say, Server};

/// What its session is called.
pub(super) const SESSION: &str = "quarterly-report";

/// How many executions began in each of the last 24 hours, the latest first.
const HOURS: [usize; 24] = [
    4, 9, 12, 8, 7, 11, 6, 3, 5, 2, 1, 0, 0, 0, 1, 0, 2, 3, 5, 4, 6, 3, 2, 1,
];

/// What ran in them: a session, its code, and for some how it failed at first.
const PROGRAMS: [(&str, &str, &str); 11] = [
    (
        "churn-model",
        "model = LogisticRegression(max_iter=500).fit(X_train, y_train)",
        "",
    ),
    (
        "sensor-cleanup",
        "hourly = readings.resample('1h').mean().interpolate()",
        "TypeError: Only valid with DatetimeIndex, TimedeltaIndex or PeriodIndex, but got an instance of 'RangeIndex'",
    ),
    (
        "invoice-parser",
        "rows = [parse(page) for page in pages]",
        "",
    ),
    (
        "ab-test-0417",
        "result = stats.ttest_ind(control, variant, equal_var=False)",
        "",
    ),
    (
        "invoice-parser",
        "total = invoices['net'].astype(float).sum()",
        "ValueError: could not convert string to float: '1.204,50'",
    ),
    (
        "churn-model",
        "print(classification_report(y_test, model.predict(X_test)))",
        "",
    ),
    (
        "warehouse-routes",
        "tour = nx.approximation.traveling_salesman_problem(G, cycle=True)",
        "",
    ),
    (
        "sensor-cleanup",
        "readings = pd.read_csv('readings-2026-04.csv', parse_dates=['at'])",
        "FileNotFoundError: [Errno 44] No such file or directory: 'readings-2026-04.csv'",
    ),
    (
        "warehouse-routes",
        "nx.draw(G, pos, node_size=24, width=0.4)",
        "",
    ),
    (
        "ab-test-0417",
        "lift = (b.mean() - a.mean()) / a.mean()",
        "",
    ),
    (
        "churn-model",
        "X = df[features].fillna(df[features].median())",
        "KeyError: \"['tenure_months'] not in index\"",
    ),
];

const SALES: &str = include_str!("sales.py");
const CHART: &str = include_str!("chart.py");
const BROKEN: &str = include_str!("broken.py");
const WAITING: &str = include_str!("waiting.py");

/// Servers, and what there is to look at.
pub(super) struct Example {
    pub(super) full: Server,
    pub(super) empty: Server,
    pub(super) closed: Server,
    /// An execution that took two attempts.
    pub(super) repaired: String,
    /// One that waits for a person.
    pub(super) waiting: String,
    _model: ModelServer,
}

impl Example {
    pub(super) fn shared() -> &'static Self {
        static SHARED: OnceLock<Example> = OnceLock::new();
        SHARED.get_or_init(Self::begin)
    }

    fn begin() -> Self {
        let data = TempDir::new().unwrap();
        record(data.path(), &yesterday());
        let repair = BROKEN.replace("[\"revenue\"]", "[\"revenue_eur\"]");
        let reply = format!(
            "There is no column `revenue`: the file has `revenue_eur`.\n\n```python\n{repair}```\nDONE"
        );
        let model = ModelServer::replying([Say::text(reply).tokens(1874, 212)]);
        let asking = || {
            Server::with()
                .variable("python_executor_mode", "openinterpreter")
                .variable("llm_url", model.url())
        };
        let careful = asking()
            .variable("python_coder_openinterpreter_auto_run", "false")
            .start_in(data);
        let waiting = careful.session_called("outliers").tool(WAITING).send();
        let waiting = waiting.execution_id().to_owned();
        let full = asking().start_in(careful.kill()).for_a_static();
        let session = full.session_called(SESSION);
        session.run(SALES).succeeded();
        session.run(CHART).succeeded();
        let context = json!({
            "code": BROKEN,
            "session_id": SESSION,
            "context": {
                "user_query": "Which region sold the most this quarter?",
                "current_thought": "The sales are in sales.csv; I sum the revenue of each region.",
            },
        });
        let repaired = full.http().post_json("/api/tools/python_coder", &context);
        let repaired: serde_json::Value = repaired.expect(200).json();
        assert_eq!(repaired["metadata"]["attempts"], 2, "{repaired:#}");
        Self {
            repaired: repaired["metadata"]["execution_id"]
                .as_str()
                .unwrap()
                .to_owned(),
            waiting,
            full,
            empty: Server::with().start_static(),
            closed: Server::with()
                .variable("api_token", "open-sesame")
                .start_static(),
            _model: model,
        }
    }
}

/// What happened before anybody looked.
fn yesterday() -> Vec<Past> {
    let now = Timestamp::now();
    let mut past: Vec<Past> = Vec::new();
    for (hour, count) in HOURS.into_iter().enumerate().rev() {
        for number in 0..count {
            let ago = 60 * hour + 59 - 59 * (number + 1) / (count + 1);
            let began = now - i64::try_from(ago).unwrap().minutes();
            past.push(one(past.len(), began));
        }
    }
    past
}

fn one(number: usize, began: Timestamp) -> Past {
    let (session, code, error) = PROGRAMS[number % PROGRAMS.len()];
    let seconds = 0.012 + ((number * 7919) % 97) as f64 / 120.0;
    let past = Past::of(session, began, code).taking(seconds, 1);
    if !error.is_empty() && number.is_multiple_of(2) {
        past.standing(Status::Failed, error)
    } else if number.is_multiple_of(5) {
        past.by(Mode::OpenInterpreter)
            .taking(3.0 + seconds * 8.0, 2)
    } else {
        past
    }
}
