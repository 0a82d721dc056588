//! The text that goes into an agent's context: what came out, what went wrong, what there is to work with.
//! Bounded, since a context is small; the response's `data` has everything.

use std::collections::BTreeMap;

use api::error::ErrorBody;
use api::files::FileInfo;
use api::python::{LimitHit, MimeBundle, Outcome, PythonError};
use api::tool::ToolData;

/// Characters of standard output.
const MAX_STDOUT_CHARS: usize = 20_000;
/// Characters of standard error, of a traceback, and of results.
pub const MAX_OTHER_CHARS: usize = 10_000;
/// Characters of the one line that says what went wrong.
const MAX_ERROR_CHARS: usize = 500;
/// Names of files.
const MAX_FILES: usize = 50;

/// What an answer is made of.
#[derive(Debug)]
pub struct Ran<'a> {
    /// How it ended.
    pub outcome: Outcome,
    /// Everything that goes into the response; its `stderr` may have the traceback at its end.
    pub data: &'a ToolData,
    /// The program's own standard error.
    pub stderr: &'a str,
    /// What went wrong.
    pub error: Option<&'a PythonError>,
}

/// The whole text.
pub fn answer(ran: &Ran<'_>) -> String {
    let mut sections = Vec::new();
    match error_line(ran) {
        None => sections.push("Code executed successfully.".to_owned()),
        Some(error) => sections.push(format!("Code execution failed: {error}")),
    }
    let failed = ran.outcome != Outcome::Ok;
    if let Some(traceback) = ran.error.map(|error| error.traceback.as_str()) {
        section(&mut sections, "Traceback:", traceback, MAX_OTHER_CHARS);
    }
    let results = shown_results(&ran.data.results);
    let output = if failed {
        "Output before the failure:"
    } else {
        "Output:"
    };
    let wrote = section(&mut sections, output, &ran.data.stdout, MAX_STDOUT_CHARS);
    if !wrote && results.is_empty() && !failed {
        sections.push("Output:\n(no output; use print() for what you want to see)".to_owned());
    }
    section(&mut sections, "Result:", &results, MAX_OTHER_CHARS);
    section(&mut sections, "Stderr:", ran.stderr, MAX_OTHER_CHARS);
    if let Some(dropped) = dropped(ran.data) {
        sections.push(dropped);
    }
    let figures = names(
        ran.data
            .files
            .iter()
            .filter(|(_, info)| is_new_figure(info)),
    );
    if !figures.is_empty() {
        sections.push(format!("Figures: {figures}"));
    }
    if !ran.data.files.is_empty() {
        sections.push(format!(
            "Files in workspace: {}",
            names(ran.data.files.iter())
        ));
    }
    sections.join("\n\n")
}

/// One line that says what went wrong; nothing where nothing did.
pub fn error_line(ran: &Ran<'_>) -> Option<String> {
    (ran.outcome != Outcome::Ok).then(|| {
        let ToolData {
            limit, returncode, ..
        } = ran.data;
        failure_line(ran.outcome, limit.as_ref(), ran.error, *returncode)
    })
}

/// One line of a failure. A limit speaks before the exception that it may have shown itself as, since the limit is
/// what can be changed.
pub fn failure_line(
    outcome: Outcome,
    limit: Option<&LimitHit>,
    error: Option<&PythonError>,
    returncode: i32,
) -> String {
    let text = match (limit, error) {
        (Some(limit), _) => limit.message.clone(),
        (None, Some(error)) if error.value.trim().is_empty() => error.name.clone(),
        (None, Some(error)) => format!("{}: {}", error.name, error.value),
        (None, None) => match outcome {
            Outcome::Exit => format!("the program exited with status {returncode}"),
            Outcome::Cancelled => "the run was cancelled".to_owned(),
            _ => "the run ended without saying why".to_owned(),
        },
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(&line, MAX_ERROR_CHARS).replace('\n', " ")
}

/// The text when all attempts have failed.
pub fn failed_answer(error: &str, errors: &str, data: &ToolData) -> String {
    let mut sections = vec![format!("Code execution failed: {error}")];
    section(&mut sections, "Errors:", errors, MAX_OTHER_CHARS);
    let output = "Output before the failure:";
    section(&mut sections, output, &data.stdout, MAX_STDOUT_CHARS);
    sections.extend(dropped(data));
    if !data.files.is_empty() {
        sections.push(format!("Files in workspace: {}", names(data.files.iter())));
    }
    sections.join("\n\n")
}

/// The text when the run itself broke off and nobody knows how it would have ended.
pub fn broken_answer(error: &ErrorBody, stdout: &str) -> String {
    let mut sections = vec![format!("Code execution failed: {}", error.error)];
    section(
        &mut sections,
        "Output before the failure:",
        stdout,
        MAX_STDOUT_CHARS,
    );
    sections.extend(error.hint.as_ref().map(|hint| format!("Hint: {hint}")));
    sections.join("\n\n")
}

/// The text where code waits for a person, and the line that says so.
pub fn waiting(execution_id: &str, code: &str) -> (String, String) {
    let routes = format!("POST /api/executions/{execution_id}/approve or /reject");
    let code = bounded(code, MAX_OTHER_CHARS);
    (
        format!(
            "The code was not run: it waits for a person's approval ({routes}).\n\nProposed code:\n{code}"
        ),
        format!("the code waits for approval: {routes}"),
    )
}

/// Standard error with the traceback at its end, as a terminal would show it.
pub fn stderr_with_traceback(stderr: &str, error: Option<&PythonError>) -> String {
    let traceback = error.map_or("", |error| error.traceback.as_str());
    let gap = if stderr.is_empty() || stderr.ends_with('\n') || traceback.is_empty() {
        ""
    } else {
        "\n"
    };
    format!("{stderr}{gap}{traceback}")
}

/// The text of the results, figures apart: those are files.
pub fn shown_results(results: &[MimeBundle]) -> String {
    let is_figure = |bundle: &MimeBundle| bundle.keys().any(|mime| mime.starts_with("image/"));
    let texts: Vec<_> = results
        .iter()
        .filter(|bundle| !is_figure(bundle))
        .filter_map(|bundle| bundle.get("text/plain").or_else(|| bundle.values().next()))
        .map(String::as_str)
        .collect();
    texts.join("\n")
}

/// Adds a section unless there is nothing in it; says whether there was.
fn section(sections: &mut Vec<String>, title: &str, text: &str, max_chars: usize) -> bool {
    let text = text.trim_end();
    if text.trim_start().is_empty() {
        return false;
    }
    sections.push(format!("{title}\n{}", bounded(text, max_chars)));
    true
}

fn dropped(data: &ToolData) -> Option<String> {
    let bytes = data.truncated.stdout_bytes + data.truncated.stderr_bytes;
    let mut parts = Vec::new();
    if bytes > 0 {
        parts.push(format!("{bytes} bytes of output"));
    }
    if data.truncated.results > 0 {
        parts.push(format!("{} results", data.truncated.results));
    }
    let what = (!parts.is_empty()).then(|| parts.join(" and "))?;
    Some(format!(
        "({what} beyond the limit were dropped: print less, or raise `python_executor_max_output_size`)"
    ))
}

fn is_new_figure(info: &FileInfo) -> bool {
    info.changed && info.content_type.starts_with("image/")
}

fn names<'a>(files: impl Iterator<Item = (&'a String, &'a FileInfo)>) -> String {
    // A name may hold what would break the line.
    let mut names: Vec<_> = files
        .map(|(path, _)| path.escape_debug().to_string())
        .collect();
    let more = names.len().saturating_sub(MAX_FILES);
    names.truncate(MAX_FILES);
    let listed = names.join(", ");
    if more == 0 {
        listed
    } else {
        format!("{listed}, ... and {more} more")
    }
}

/// The text, or its beginning and end with a note between.
pub fn bounded(text: &str, max_chars: usize) -> String {
    let chars = text.chars().count();
    if chars <= max_chars {
        return text.to_owned();
    }
    let offset = |index: usize| {
        text.char_indices()
            .nth(index)
            .map_or(text.len(), |(offset, _)| offset)
    };
    let head = &text[..offset(max_chars / 2)];
    let tail = &text[offset(chars - max_chars / 2)..];
    format!(
        "{head}\n... ({} characters left out) ...\n{tail}",
        chars - max_chars / 2 * 2
    )
}

/// The files as the response has them.
pub fn files_by_path(files: Vec<api::files::FileEntry>) -> BTreeMap<String, FileInfo> {
    files
        .into_iter()
        .map(|entry| (entry.path, entry.info))
        .collect()
}

#[cfg(test)]
mod tests;
