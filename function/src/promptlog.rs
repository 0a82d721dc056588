//! The prompt log: one block an execution, made from the history alone.
//!
//! Whatever a program or an agent wrote is indented and its control characters are escaped, so that no text
//! can pass itself off as a line of the log or of the next block.

use std::fmt::Write as _;
use std::io::Write as _;

use api::history::{Attempt, Execution, Role, Status};
use api::tool::{Mode, Tokens};

use crate::answer::{shown_results, stderr_with_traceback};
use crate::call::workspace;
use crate::log;
use crate::settings::Settings;

const RULE: &str =
    "================================================================================";

/// The block of an execution under these settings. Its owner knows the session by its id, and the operator, who sees
/// everybody's, by what it is kept as.
pub fn of(execution: &Execution, session: &str, settings: &Settings) -> String {
    let max_attempts = match execution.summary.mode {
        Mode::Native => 1,
        Mode::OpenInterpreter => settings.max_retries,
    };
    render(execution, session, max_attempts, &settings.secrets())
}

/// Prints a block to standard output, which the host keeps as `prompts.log`: in one write, so that blocks of
/// instances side by side do not mix.
pub fn print(block: &str) {
    let mut stdout = std::io::stdout().lock();
    if let Err(error) = stdout
        .write_all(block.as_bytes())
        .and_then(|()| stdout.flush())
    {
        log::warn(format!("prompt log: {error}"));
    }
}

/// Renders an execution. `secrets` are struck out wherever they occur.
pub fn render(execution: &Execution, session: &str, max_attempts: u32, secrets: &[&str]) -> String {
    let summary = &execution.summary;
    let mut block = format!(
        "{RULE}\nTOOL EXECUTION: python_coder ({} mode)\n{RULE}\n",
        summary.mode.title()
    );
    line(
        &mut block,
        "Timestamp",
        &summary.started_at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    );
    line(&mut block, "Session ID", session);
    line(&mut block, "Workspace", &workspace(session));
    line(&mut block, "Max Retries", &max_attempts.to_string());
    line(
        &mut block,
        "Code/Instruction Length",
        &format!("{} chars", execution.code.chars().count()),
    );
    quoted(&mut block, "INSTRUCTION", &execution.code, secrets);
    for attempt in &execution.attempt_list {
        let _ = writeln!(block, "\n--- Attempt {}/{max_attempts} ---", attempt.number);
        render_dialogue(&mut block, attempt, secrets);
        for step in &attempt.steps {
            quoted(&mut block, "CODE", &step.code, secrets);
            let shown = shown_results(&step.results);
            quoted(
                &mut block,
                "RESPONSE",
                &joined([&step.stdout, &shown, &step.stderr]),
                secrets,
            );
        }
        // What the caller sent is above already.
        if !attempt.code.is_empty() && attempt.code != execution.code {
            quoted(&mut block, "CODE", &attempt.code, secrets);
        }
        if let Some(diff) = &attempt.diff {
            quoted(&mut block, "DIFFERENCE", diff, secrets);
        }
        let stderr = stderr_with_traceback(&attempt.stderr, attempt.error.as_ref());
        let shown = shown_results(&attempt.results);
        quoted(
            &mut block,
            "RESPONSE",
            &joined([&attempt.stdout, &shown, &stderr]),
            secrets,
        );
        let untold = attempt
            .error
            .as_ref()
            .filter(|error| error.traceback.is_empty());
        if let Some(error) = untold {
            quoted(
                &mut block,
                "ERROR",
                &format!("{}: {}", error.name, error.value),
                secrets,
            );
        }
    }
    if let Some(tokens) = execution.tokens {
        let estimated = if tokens.estimated { ", estimated" } else { "" };
        let Tokens {
            prompt,
            completion,
            total,
            ..
        } = tokens;
        let _ = writeln!(
            block,
            "\nTokens: {total} ({prompt} read, {completion} written{estimated})"
        );
    }
    let error = summary.error.as_deref().unwrap_or("no reason was recorded");
    let error = clean(error, secrets).replace('\n', " ");
    let _ = match summary.status {
        Status::Running => writeln!(block, "\n[RUNNING]"),
        Status::Succeeded => writeln!(
            block,
            "\n[SUCCESS] Completed in attempt {}",
            summary.attempts.max(1)
        ),
        Status::Failed | Status::Refused => writeln!(block, "\n[FAILED] {error}"),
        Status::Cancelled => writeln!(block, "\n[CANCELLED] {error}"),
        Status::AwaitingApproval => writeln!(block, "\n[AWAITING APPROVAL]"),
        Status::Interrupted => writeln!(block, "\n[INTERRUPTED] {error}"),
    };
    if let Some(seconds) = summary.execution_time {
        let _ = writeln!(block, "Execution time: {}s", rounded(seconds));
    }
    let _ = writeln!(block, "{RULE}");
    block
}

/// What was said to the model in an attempt, each message once, and what it replied.
fn render_dialogue(block: &mut String, attempt: &Attempt, secrets: &[&str]) {
    let mut told = 0;
    for exchange in &attempt.exchanges {
        for message in exchange.messages.iter().skip(told) {
            if message.role != Role::Assistant {
                let title = if message.role == Role::System {
                    "SYSTEM PROMPT"
                } else {
                    "PROMPT"
                };
                quoted(block, title, &message.content, secrets);
            }
        }
        told = exchange.messages.len();
        quoted(block, "REPLY", &exchange.reply, secrets);
        if let Some(error) = &exchange.error {
            quoted(block, "MODEL ERROR", error, secrets);
        }
        let _ = writeln!(block, "Model time: {}s", rounded(exchange.seconds));
    }
}

fn joined(parts: [&str; 3]) -> String {
    let parts = parts.map(str::trim_end);
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn line(block: &mut String, name: &str, value: &str) {
    let _ = writeln!(block, "{name}: {value}");
}

fn quoted(block: &mut String, title: &str, text: &str, secrets: &[&str]) {
    let _ = writeln!(block, "\n{title}:");
    for line in clean(text, secrets).lines() {
        let _ = writeln!(block, "  {line}");
    }
}

/// Without secrets, and with no control character but the ends of lines and tabs.
fn clean(text: &str, secrets: &[&str]) -> String {
    let mut text = text.replace("\r\n", "\n");
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "[redacted]");
    }
    let breaks_lines = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        if breaks_lines(c) && !matches!(c, '\n' | '\t') {
            cleaned.extend(c.escape_default());
        } else {
            cleaned.push(c);
        }
    }
    cleaned
}

/// Seconds with as many digits as tell something: `1.5`, `0.003`.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests;
