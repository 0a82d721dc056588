//! Tokens, where the server does not count them.

use api::history::Message;
use api::tool::Tokens;

/// Of English and of code, about.
const CHARS_A_TOKEN: usize = 4;

/// What a model that read `messages` and wrote `reply` has probably used.
pub fn estimated(messages: &[Message], reply: &str) -> Tokens {
    Tokens {
        estimated: true,
        ..Tokens::counted(of_messages(messages), of_chars(reply.chars().count()))
    }
}

pub(super) fn of_messages(messages: &[Message]) -> u64 {
    let chars = messages
        .iter()
        .map(|message| message.content.chars().count());
    of_chars(chars.sum())
}

pub(super) fn of_chars(chars: usize) -> u64 {
    chars.div_ceil(CHARS_A_TOKEN) as u64
}

#[cfg(test)]
mod tests {
    use api::history::Role;

    use super::*;

    #[test]
    fn four_characters_are_a_token_and_a_part_of_one_is_one() {
        let message = |content: &str| Message {
            role: Role::User,
            content: content.into(),
        };
        let tokens = estimated(&[message("ééé"), message("ab")], "12345678");
        assert_eq!((tokens.prompt, tokens.completion, tokens.total), (2, 2, 4));
        assert!(tokens.estimated);
        assert_eq!(estimated(&[], "").total, 0);
    }
}
