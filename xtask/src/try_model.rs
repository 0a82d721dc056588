//! `cargo xtask try-model`: a dozen small tasks for a real model, to see whether it and the prompts get on.

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::build::build;
use crate::server::Server;
use crate::step::say;

/// Which model, and where.
#[derive(Args)]
pub(crate) struct Options {
    /// An OpenAI-compatible server, such as http://127.0.0.1:11434/v1
    #[arg(long, value_name = "URL")]
    llm_url: String,
    /// The model's name there
    #[arg(long, value_name = "NAME")]
    model: String,
    /// The server's key, if it needs one
    #[arg(long, default_value = "", value_name = "KEY")]
    llm_api_key: String,
    /// Seconds for each task
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    timeout: u32,
    /// Attempts for each task
    #[arg(long, default_value_t = 3, value_name = "COUNT")]
    max_retries: u32,
    /// Allow a model server that is not on this machine or a private network
    #[arg(long)]
    online: bool,
}

/// A task, and what its output or its files must hold when it ended well.
struct Task {
    name: &'static str,
    code: &'static str,
    /// In what was printed, or as the name of a file.
    expected: &'static str,
}

const TASKS: [Task; 12] = [
    Task {
        name: "factorial",
        code: "compute the factorial of 20 and save it to result.txt",
        expected: "result.txt",
    },
    Task {
        name: "primes",
        code: "print the sum of all prime numbers below 1000",
        expected: "76127",
    },
    Task {
        name: "typo",
        code: "values = [3, 1, 2]\nprint(sorted(valeus))",
        expected: "[1, 2, 3]",
    },
    Task {
        name: "syntax",
        code: "for i in range(3)\n    print(i * 11)",
        expected: "22",
    },
    Task {
        name: "wrong column",
        code: "import pandas as pd\ndf = pd.DataFrame({'name': ['a', 'b'], 'amount': [40, 2]})\nprint(df['amout'].sum())",
        expected: "42",
    },
    Task {
        name: "missing module",
        code: "import polars as pl\nprint(pl.DataFrame({'a': [1, 2, 39]})['a'].sum())",
        expected: "42",
    },
    Task {
        name: "missing file",
        code: "Write the numbers 1 to 10 to numbers.csv, one a line, then read the file back and print their sum.",
        expected: "55",
    },
    Task {
        name: "figure",
        code: "Draw a sine wave from 0 to 10 with matplotlib and save it as sine.png.",
        expected: "sine.png",
    },
    Task {
        name: "excel",
        code: "Make an Excel file report.xlsx with a sheet Sales that has the columns month and amount for three months.",
        expected: "report.xlsx",
    },
    Task {
        name: "types",
        code: "total = '40' + 2\nprint(total)",
        expected: "42",
    },
    Task {
        name: "algebra",
        code: "Solve x**2 - 5*x + 6 = 0 with sympy and print the sorted list of solutions.",
        expected: "[2, 3]",
    },
    Task {
        name: "regression",
        code: "Fit a line through the points (0,1), (1,3), (2,5) with numpy and print the slope rounded to one digit.",
        expected: "2.0",
    },
];

/// Runs the tasks one after the other, and prints a line for each.
pub(crate) fn try_model(options: &Options) -> Result<()> {
    build()?;
    let variables = [
        "python_executor_mode=openinterpreter".to_owned(),
        format!("llm_url={}", options.llm_url),
        format!("python_coder_model={}", options.model),
        format!("llm_api_key={}", options.llm_api_key),
        format!("python_coder_max_retries={}", options.max_retries),
        format!("python_coder_openinterpreter_offline={}", !options.online),
        format!("python_executor_max_timeout={}", options.timeout.max(30)),
    ];
    let args: Vec<_> = variables
        .iter()
        .flat_map(|variable| ["--variable", variable.as_str()])
        .collect();
    let server = Server::serve(&args)?;
    let agent = server.agent();
    let (mut well, mut attempts, mut tokens) = (0, 0, 0);
    for task in &TASKS {
        say(&format!("{}: {}", task.name, task.code.replace('\n', "; ")));
        let request = json!({ "code": task.code, "timeout": options.timeout });
        let answer = server.tool_call(&agent, &request)?;
        let is_well = ended_well(task, &answer);
        well += usize::from(is_well);
        attempts += answer["metadata"]["attempts"].as_u64().unwrap_or(0);
        tokens += answer["metadata"]["tokens"]["total"].as_u64().unwrap_or(0);
        println!(
            "{:<16} {:<6} attempts {}  tokens {:>6}  {:>6.1} s  {}",
            task.name,
            if is_well { "well" } else { "FAILED" },
            answer["metadata"]["attempts"],
            answer["metadata"]["tokens"]["total"].as_u64().unwrap_or(0),
            answer["metadata"]["execution_time"].as_f64().unwrap_or(0.0),
            answer["error"].as_str().unwrap_or_default(),
        );
    }
    println!(
        "{well} of {} ended well, with {attempts} attempts and {tokens} tokens",
        TASKS.len()
    );
    Ok(())
}

fn ended_well(task: &Task, answer: &Value) -> bool {
    let printed = answer["data"]["stdout"].as_str().unwrap_or_default();
    let is_there = answer["data"]["files"].get(task.expected).is_some();
    answer["success"] == true && (is_there || printed.contains(task.expected))
}
