//! What a model is told of the tool: a template that an operator may edit, filled with what is true now.

use api::python::ImageInfo;
use api::tool::Mode;
use serde_json::{Value, json};

use crate::repair::prompt::fill;
use crate::settings::{Settings, seconds};

/// Where spin.toml mounts the template for a mode.
pub fn path(mode: Mode) -> &'static str {
    match mode {
        Mode::Native => "/prompts/tools/python_coder.md",
        Mode::OpenInterpreter => "/prompts/tools/python_coder_openinterpreter.md",
    }
}

/// Fills the template's placeholders. One that is not known stays as it is, so that its author sees it.
pub fn describe(template: &str, settings: &Settings, image: Option<&ImageInfo>) -> String {
    fill(template, &values(settings, image))
        .trim_end()
        .to_owned()
}

/// What is installed: `numpy 2.5.2`.
pub fn packages(image: &ImageInfo) -> Vec<String> {
    let packages = image.packages.iter();
    packages
        .map(|(name, version)| format!("{name} {version}"))
        .collect()
}

/// What is true of the sandbox: placeholders' names without braces, and what they stand for.
pub fn values(settings: &Settings, image: Option<&ImageInfo>) -> Vec<(&'static str, String)> {
    let packages = match image {
        Some(image) => packages(image).join(", "),
        None => "not known at the moment; try to import what you need".to_owned(),
    };
    let python = image.map_or("3", |image| image.python_version.as_str());
    vec![
        ("python", python.to_owned()),
        ("packages", packages),
        ("timeout", seconds(settings.timeout_ms)),
        ("max_timeout", seconds(settings.max_timeout_ms)),
        ("memory", bytes(settings.memory_bytes)),
        ("max_output", bytes(settings.max_output_bytes)),
        ("workspace_max", bytes(settings.workspace_max_bytes)),
        (
            "workspace_max_files",
            settings.workspace_max_files.to_string(),
        ),
        ("max_retries", settings.max_retries.to_string()),
    ]
}

/// The JSON schema of the tool's arguments.
pub fn parameters(settings: &Settings) -> Value {
    let (timeout, max) = (
        seconds(settings.timeout_ms),
        settings.max_timeout_ms as f64 / 1000.0,
    );
    let code = match settings.mode {
        Mode::Native => "Python source to run, as a whole program.",
        Mode::OpenInterpreter => {
            "Python source to run, as a whole program, or an instruction in plain language."
        }
    };
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "string", "description": code },
            "session_id": {
                "type": "string",
                "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
                "description": "The session whose files the code sees and changes. Pass the same one to go on with the \
                                same files; leave it out for a new, empty session."
            },
            "timeout": {
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": max,
                "description": format!("Seconds the code may run; {timeout} if left out.")
            },
            "stdin": { "type": "string", "description": "What input() reads." }
        },
        "required": ["code"]
    })
}

fn bytes(bytes: u64) -> String {
    match bytes {
        whole if whole % (1 << 30) == 0 => format!("{} GiB", whole >> 30),
        whole if whole >= 1 << 20 => format!("{} MiB", whole >> 20),
        less => format!("{} KiB", less >> 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_filled_with_what_is_true() {
        let settings = Settings::from_lookup(|_| None).unwrap();
        let image = ImageInfo {
            python_version: "3.15.0".into(),
            packages: [
                ("numpy".to_owned(), "2.3.4".to_owned()),
                ("pandas".to_owned(), "2.3.3".to_owned()),
            ]
            .into(),
            preloaded: Vec::new(),
            memory_bytes: 0,
            compiled_bytes: 0,
            build_seconds: 0,
        };
        let template = include_str!("../../prompts/tools/python_coder.md");
        insta::assert_snapshot!(describe(template, &settings, Some(&image)));
        let without = describe(template, &settings, None);
        assert!(!without.contains("{{"), "{without}");
        assert!(without.contains("not known at the moment"), "{without}");
    }

    #[test]
    fn sizes_are_read_by_people() {
        let sizes = [1 << 30, 256 << 20, 1536 << 20, 1 << 20, 2048];
        assert_eq!(
            sizes.map(bytes),
            ["1 GiB", "256 MiB", "1536 MiB", "1 MiB", "2 KiB"]
        );
    }
}
