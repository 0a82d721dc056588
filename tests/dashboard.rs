//! The dashboard in a real browser: what a person sees and does.

mod browser;
mod docs;
mod every_page;
mod execution;
mod files;
mod hostile;
mod overview;
mod playground;
mod prompts;
mod session;
mod sessions;
mod settings;
mod shell;
mod smoke;

use serde_json::json;

use crate::harness::Browser;

/// Puts a text into a field as pasting does: in one piece, and without what the field does for who types.
#[track_caller]
fn paste(page: &Browser, css: &str, text: &str) {
    page.click(css).keys("Control+a");
    let command = match text.is_empty() {
        true => "document.execCommand('delete')".to_owned(),
        false => format!("document.execCommand('insertText', false, {})", json!(text)),
    };
    page.script(&command);
}

/// Asserts that a page with a lot in it does not stand still while it is scrolled, and that it is not the page that
/// holds a lot.
#[track_caller]
fn responds(page: &Browser, scrolled: &str) {
    let script = format!(
        "const place = document.querySelector({});
         return (async () => {{
             let longest = 0;
             for (let step = 0; step < 20; step += 1) {{
                 const start = performance.now();
                 place.scrollTop = step % 2 ? place.scrollHeight : step * 1000;
                 await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                 longest = Math.max(longest, performance.now() - start);
             }}
             return longest;
         }})()",
        json!(scrolled)
    );
    let skipped = "return getComputedStyle(document.querySelector('.piece')).contentVisibility";
    assert_eq!(page.script(skipped), "auto", "what is not seen is laid out");
    let longest = page.script(&script).as_f64().expect("it is a time");
    assert!(longest < 500.0, "it stood still for {longest} ms");
    let nodes = page.count("*");
    assert!(nodes < 3_000, "{nodes} elements");
    page.script("document.activeElement.blur()");
    let start = std::time::Instant::now();
    page.keys("?").find("dialog[open]");
    let took = start.elapsed().as_millis();
    assert!(took < 2_000, "a key took {took} ms");
    page.keys("Escape").is_absent("dialog[open]");
}
