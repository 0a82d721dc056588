//! What was said between us and a model, each thing once, in the order in which it was said.

use api::history::{Attempt, Message, Role};
use api::tool::Tokens;

/// Something that one of the two said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) text: String,
    /// Of a reply: how long it took, what it cost, and why it is not whole.
    pub(crate) reply: Option<Reply>,
}

/// What is known of a reply besides its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) seconds: f64,
    pub(crate) tokens: Tokens,
    pub(crate) error: Option<String>,
}

/// The turns of each attempt, by its number; attempts without a model are left out. Each request repeats what was
/// said before: that is left out too.
pub(crate) fn turns(attempts: &[Attempt]) -> Vec<(u32, Vec<Turn>)> {
    let mut known: Vec<Message> = Vec::new();
    let mut all = Vec::new();
    for attempt in attempts {
        let mut turns = Vec::new();
        for exchange in &attempt.exchanges {
            let repeated = known
                .iter()
                .zip(&exchange.messages)
                .take_while(|(known, sent)| same(known, sent))
                .count();
            for message in &exchange.messages[repeated..] {
                turns.push(Turn {
                    role: message.role,
                    text: message.content.clone(),
                    reply: None,
                });
            }
            turns.push(Turn {
                role: Role::Assistant,
                text: exchange.reply.clone(),
                reply: Some(Reply {
                    seconds: exchange.seconds,
                    tokens: exchange.tokens,
                    error: exchange.error.clone(),
                }),
            });
            known.clone_from(&exchange.messages);
            known.push(Message {
                role: Role::Assistant,
                content: exchange.reply.clone(),
            });
        }
        if !turns.is_empty() {
            all.push((attempt.number, turns));
        }
    }
    all
}

/// What a model wrote is sent back to it without the space around it.
fn same(known: &Message, sent: &Message) -> bool {
    known.role == sent.role && known.content.trim() == sent.content.trim()
}

/// A piece of what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Words(&'a str),
    /// What stood in a fence, without it.
    Code(&'a str),
}

/// Words and fenced code apart. A fence that is not closed goes on to the end.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut fenced = false;
    let (mut begin, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        let closes = fenced && line.trim() == "```";
        let opens = !fenced && line.trim_start().starts_with("```");
        if closes || opens {
            push(&mut pieces, fenced, &text[begin..at]);
            fenced = opens;
            begin = next;
        }
        at = next;
    }
    push(&mut pieces, fenced, &text[begin..]);
    pieces
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, fenced: bool, text: &'a str) {
    let text = text.trim_matches('\n');
    if !text.trim().is_empty() {
        pieces.push(match fenced {
            true => Piece::Code(text),
            false => Piece::Words(text),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::history::Exchange;
    use jiff::Timestamp;

    fn attempt(number: u32, exchanges: &[(&[(Role, &str)], &str)]) -> Attempt {
        let exchange = |(messages, reply): &(&[(Role, &str)], &str)| Exchange {
            started_at: Timestamp::UNIX_EPOCH,
            seconds: 1.0,
            messages: messages
                .iter()
                .map(|(role, content)| Message {
                    role: *role,
                    content: (*content).to_owned(),
                })
                .collect(),
            reply: (*reply).to_owned(),
            tokens: Tokens::counted(1, 1),
            error: None,
        };
        Attempt {
            exchanges: exchanges.iter().map(exchange).collect(),
            ..Attempt::new(number, String::new(), String::new(), Timestamp::UNIX_EPOCH)
        }
    }

    #[test]
    fn what_is_sent_again_is_shown_once() {
        use Role::{Assistant, System, User};
        let attempts = [
            attempt(1, &[]),
            attempt(2, &[(&[(System, "s"), (User, "do")], "a\n")]),
            attempt(
                3,
                &[
                    (&[(System, "s"), (User, "again")], "b"),
                    (
                        &[
                            (System, "s"),
                            (User, "again"),
                            (Assistant, "b"),
                            (User, "well"),
                        ],
                        "done",
                    ),
                ],
            ),
        ];
        let said: Vec<(u32, Vec<String>)> = turns(&attempts)
            .into_iter()
            .map(|(number, turns)| (number, turns.into_iter().map(|turn| turn.text).collect()))
            .collect();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(
            said,
            [
                (2, words(&["s", "do", "a\n"])),
                (3, words(&["again", "b", "well", "done"]))
            ]
        );
    }

    #[test]
    fn code_stands_apart_from_words() {
        assert_eq!(
            pieces("I try:\n\n```python\nprint(1)\n```\nDONE"),
            [
                Piece::Words("I try:"),
                Piece::Code("print(1)"),
                Piece::Words("DONE")
            ]
        );
        assert_eq!(
            pieces("```\nx = '''```'''\n"),
            [Piece::Code("x = '''```'''")]
        );
        assert_eq!(pieces(" \n"), []);
    }
}
