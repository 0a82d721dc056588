//! What a model thinks aloud before it replies.

/// The tags that models put around it.
const TAGS: [(&str, &str); 2] = [("<think>", "</think>"), ("<thinking>", "</thinking>")];

/// The reply without the thoughts that it begins with. One that never comes to an end of them is nothing else.
pub(super) fn without_thoughts(text: &str) -> &str {
    without_opened(after_unopened(text).unwrap_or(text))
}

fn without_opened(text: &str) -> &str {
    let mut rest = text;
    loop {
        let begun = rest.trim_start();
        let Some((inside, close)) = TAGS
            .iter()
            .find_map(|(open, close)| Some((begun.strip_prefix(open)?, close)))
        else {
            return rest;
        };
        rest = match inside.split_once(close) {
            Some((_, after)) => after.trim_start(),
            None => "",
        };
    }
}

/// The same of a reply that still comes: nothing as long as it may yet be the beginning of a thought. That of a prompt
/// that opens the tag itself can't be told from a reply.
pub(super) fn begun(text: &str) -> Option<&str> {
    let rest = without_opened(text);
    let begun = rest.trim_start();
    let may_open = TAGS.iter().any(|(open, _)| open.starts_with(begun));
    (!begun.is_empty() && !may_open).then_some(rest)
}

/// Where the prompt itself opens the tag, as some models' templates do, the reply has only its end, on a line of
/// its own.
fn after_unopened(text: &str) -> Option<&str> {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let line = line.trim();
        if TAGS.iter().any(|(open, _)| line.contains(open)) {
            return None;
        }
        if TAGS.iter().any(|(_, close)| line == *close) {
            return Some(text[end..].trim_start());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_that_comes_is_heard_when_it_is_no_thought() {
        let cases = [
            ("", None),
            (" \n", None),
            ("<", None),
            ("<think", None),
            ("<think>hm</think> ", None),
            ("<think>hm", None),
            ("<think>hm</think> <b>", Some("<b>")),
            (" so", Some(" so")),
            ("<them>", Some("<them>")),
        ];
        for (text, expected) in cases {
            assert_eq!(begun(text), expected, "{text:?}");
        }
    }

    #[test]
    fn thoughts_at_the_beginning_are_dropped() {
        let cases = [
            ("reply", "reply"),
            ("  reply\n", "  reply\n"),
            ("<think>\nhm\n</think>\n\nreply", "reply"),
            (" \n<think></think><think>x</think>reply", "reply"),
            ("<thinking>a</think>b</thinking> reply", "reply"),
            ("<think>for ever", ""),
            ("hm\nso\n</think>\nreply", "reply"),
            ("print('</think>')", "print('</think>')"),
            ("a <think>b</think>", "a <think>b</think>"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(without_thoughts(text), expected, "{text:?}");
        }
    }
}
