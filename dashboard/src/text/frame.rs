//! What a program made as HTML or SVG, as a document for a frame that runs no scripts and has no origin.

/// Looks like the page around it, in either theme; figures and tables scroll in themselves.
const STYLE: &str = "\
:root{color-scheme:light dark}body{margin:0;font:13px/1.5 system-ui,sans-serif;color:CanvasText;background:transparent;overflow:auto}\
svg,img{max-width:100%;height:auto}pre{overflow:auto}\
table{border:0;border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:3px 10px;text-align:right;border:0;border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent)}\
thead th{border-bottom-color:color-mix(in srgb,currentColor 40%,transparent)}h1,h2,h3{line-height:1.25}a{color:LinkText}";

/// What the frame may load: nothing but what is in it. Its links lead nowhere, since it may open no window either.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline';img-src data:\"><base target=\"_blank\">";

/// The document around a piece of HTML or SVG; nothing in it is escaped, since the frame is what keeps it in.
pub(crate) fn document(html: &str, dark: bool) -> String {
    // Who colours what is behind a text, such as a styled table, counts on that text to be dark.
    let scheme = match dark && !html.contains("background") {
        true => "dark",
        false => "light",
    };
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\">{POLICY}<meta name=\"color-scheme\" content=\"{scheme}\">\
         <title>result</title><style>{STYLE}:root{{color-scheme:{scheme}}}</style></head><body>{html}</body></html>"
    )
}

/// Text to be read: lines that are not too long, and tables that are not of numbers.
pub(crate) const MARKDOWN_STYLE: &str = "<style>\
body{font-size:14px;line-height:1.6;max-width:46rem}h1{font-size:1.6em}h2{font-size:1.3em}h1,h2,h3{margin:1.2em 0 .5em}:is(h1,h2,h3,p):first-child{margin-top:0}\
th,td{text-align:left;padding:5px 12px 5px 0}code{font:.93em ui-monospace,'DejaVu Sans Mono',monospace}\
pre{padding:10px 12px;border-radius:5px;background:color-mix(in srgb,currentColor 6%,transparent)}\
blockquote{margin:1em 0;padding-left:1em;border-left:3px solid color-mix(in srgb,currentColor 25%,transparent)}</style>";

/// Markdown as HTML. What it holds of HTML is shown as text.
pub(crate) fn markdown(text: &str) -> String {
    use pulldown_cmark::{Event, Options, Parser, html};
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events);
    out
}

/// How high a frame should be for it, in pixels. The frame can't tell, for nothing runs in it: text and tables are as
/// high as their lines and a bar to scroll them by, a drawing as it says, and everything else gets room for a figure.
pub(crate) fn height(html: &str) -> usize {
    const LINE: usize = 27;
    const AROUND: usize = 36;
    const MOST: usize = 480;
    let count = |tags: &[&str]| {
        tags.iter()
            .map(|tag| html.matches(tag).count())
            .sum::<usize>()
    };
    // These have space around them.
    let lines = count(&["<tr", "<li"]) + 2 * count(&["<p>", "<h1", "<h2", "<h3"]);
    let inner = match (drawn_height(html), lines) {
        (Some(height), _) => height,
        (None, 0) => MOST * 3 / 4,
        (None, lines) => lines * LINE,
    };
    (inner + AROUND).min(MOST)
}

/// The height that an SVG says it has.
fn drawn_height(html: &str) -> Option<usize> {
    let (_, svg) = html.split_once("<svg")?;
    let (_, height) = svg.split('>').next()?.split_once(" height=\"")?;
    let (height, _) = height.split_once('"')?;
    let points = height.strip_suffix("pt");
    let number: f64 = points
        .unwrap_or(height)
        .trim_end_matches("px")
        .parse()
        .ok()?;
    let pixels = if points.is_some() {
        number * 4.0 / 3.0
    } else {
        number
    };
    (pixels > 0.0).then_some(pixels as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_markdown_is_text() {
        assert_eq!(
            markdown("# A\n\n<script>alert(1)</script>\n\n**b** <i>c</i>"),
            "<h1>A</h1>\n&lt;script&gt;alert(1)&lt;/script&gt;\n<p><strong>b</strong> &lt;i&gt;c&lt;/i&gt;</p>\n"
        );
    }

    #[test]
    fn a_frame_is_as_high_as_its_table() {
        assert_eq!(height("<table><tr><td>1</td></tr></table>"), 63);
        assert_eq!(height("<table><tr></tr></table>\n<p>1 row</p>"), 117);
        assert_eq!(height(&"<tr>".repeat(1000)), 480);
    }

    #[test]
    fn a_frame_is_as_high_as_its_drawing() {
        assert_eq!(height("<svg/>"), 396);
        assert_eq!(
            height("<?xml?><svg width=\"9\" height=\"60\"><g height=\"7\"/></svg>"),
            96
        );
        assert_eq!(height("<svg height=\"60pt\"/>"), 116);
        assert_eq!(height("<svg height=\"100%\"><p height=\"7\"></svg>"), 396);
    }

    #[test]
    fn what_has_colours_of_its_own_is_on_white() {
        assert!(document("<b>1</b>", true).contains("color-scheme:dark"));
        assert!(
            document("<td style=\"background: yellow\">1</td>", true)
                .contains("color-scheme:light}")
        );
    }
}
