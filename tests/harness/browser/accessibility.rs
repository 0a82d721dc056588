//! axe: what makes a page hard to use for those who don't see it, or not well, or use no mouse.

use std::fmt::Write as _;
use std::fs;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::super::binary::root;
use super::Browser;

/// The rules that a page has to keep: WCAG 2.2, levels A and AA, and what axe advises beside them.
const RULES: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

impl Browser {
    /// Asserts that axe finds nothing wrong with the page as it is now.
    #[track_caller]
    pub(crate) fn axe(&self) -> &Self {
        if self.script("return typeof window.axe") != "object" {
            // Not as a script of the page, which its policy would refuse.
            self.chromium("Runtime.evaluate", &json!({ "expression": axe() }));
        }
        let run = "
            const [rules, done] = arguments;
            axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'], iframes: false })
                .then((found) => done(found.violations), (error) => done(String(error)));";
        let violations = self.script_async(run, &[json!(RULES)]);
        match violations.as_array() {
            Some(violations) if violations.is_empty() => self,
            Some(violations) => self.fail(&told(violations)),
            None => self.fail(&format!("axe does not work: {violations}")),
        }
    }

    /// Asserts the same of the page in the light and in the dark, on a desk and on a narrow phone, and that it is
    /// nowhere wider than that.
    #[track_caller]
    pub(crate) fn axe_everywhere(&self) -> &Self {
        for (width, height) in [(1280, 900), (380, 800)] {
            self.size(width, height);
            self.light().axe().dark().axe();
            let wide = self.script(
                "return [...document.querySelectorAll('body *')]
                    .filter((each) => document.documentElement.scrollWidth > innerWidth
                        && each.getBoundingClientRect().right > innerWidth + 1)
                    .map((each) => each.outerHTML.slice(0, 200))",
            );
            if wide != json!([]) {
                self.fail(&format!("wider than {width} pixels: {wide:#}"));
            }
        }
        self.light().size(1280, 900)
    }
}

/// The rules that were broken, and by what.
fn told(violations: &[Value]) -> String {
    let mut text = "axe found what makes this page hard to use:\n".to_owned();
    for violation in violations {
        let word = |name: &str| violation[name].as_str().unwrap_or_default();
        let _ = writeln!(
            text,
            "{}: {} ({})",
            word("id"),
            word("help"),
            word("helpUrl")
        );
        for node in violation["nodes"].as_array().into_iter().flatten() {
            let word = |name: &str| node[name].as_str().unwrap_or_default();
            let summary = word("failureSummary").replace('\n', "\n    ");
            let _ = writeln!(text, "  {} {}\n    {summary}", node["target"], word("html"));
        }
    }
    text
}

/// Its source.
fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let file = root().join("target/tools/node_modules/axe-core/axe.min.js");
        fs::read_to_string(&file).unwrap_or_else(|error| {
            panic!(
                "can't read {}: {error}: `cargo xtask test` installs it with npm",
                file.display()
            )
        })
    })
}
