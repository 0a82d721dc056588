//! Python's tokens, as far as they tell code from prose.

/// A token; white space and comments are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    Number,
    /// A string, with its prefix.
    Text,
    /// `(`, `[` or `{`, and whether there was a space before it.
    Open {
        mark: char,
        spaced: bool,
    },
    Close,
    Operator(&'a str),
}

/// A line, or the lines that brackets and strings make one.
#[derive(Debug, Default)]
pub(super) struct Statement<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    /// Whether the text ends before it does.
    pub(super) is_open: bool,
}

/// Longest first.
const OPERATORS: [&str; 44] = [
    "**=", "//=", ">>=", "<<=", "...", "!=", "==", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>", "+", "-", "*", "/", "%", "@", "&", "|",
    "^", "~", "<", ">", "=", ":", ",", ";", ".", "(", "[", "{",
];
const PREFIXES: [&str; 10] = ["r", "b", "u", "f", "t", "rb", "br", "rf", "fr", "rt"];

/// The statements of a text; none where something in it is never part of a program: `?`, a quotation mark without
/// its pair, a closing bracket without its own.
pub(super) fn statements(text: &str) -> Option<Vec<Statement<'_>>> {
    let mut statements = Vec::new();
    let mut statement = Statement::default();
    let mut depth = 0_usize;
    let mut rest = text;
    let mut spaced = true;
    while let Some(c) = rest.chars().next() {
        let before = rest;
        match c {
            '\n' => {
                if depth == 0 && !statement.tokens.is_empty() {
                    statements.push(std::mem::take(&mut statement));
                }
                rest = &rest[1..];
            }
            '\\' => rest = rest[1..].trim_start_matches('\r').strip_prefix('\n')?,
            ' ' | '\t' | '\r' | '\u{c}' => rest = &rest[1..],
            '#' => rest = &rest[rest.find('\n').unwrap_or(rest.len())..],
            '"' | '\'' => {
                rest = match after_string(rest) {
                    After::String(rest) => rest,
                    After::End => {
                        statement.is_open = true;
                        ""
                    }
                    After::Nothing => return None,
                };
                statement.tokens.push(Token::Text);
            }
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                statement.tokens.push(Token::Close);
                rest = &rest[1..];
            }
            _ if c.is_ascii_digit() => {
                rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                // The point of `3.14`, but not that of `3. And so on`.
                if let Some(after) = rest.strip_prefix('.')
                    && after.starts_with(|c: char| c.is_ascii_digit())
                {
                    rest =
                        after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                }
                statement.tokens.push(Token::Number);
            }
            _ if is_word(c) => {
                rest = rest.trim_start_matches(is_word);
                let word = &before[..before.len() - rest.len()];
                let prefix = PREFIXES.contains(&word.to_ascii_lowercase().as_str());
                if !(prefix && rest.starts_with(['"', '\''])) {
                    statement.tokens.push(Token::Word(word));
                }
            }
            _ => {
                let operator = OPERATORS.iter().find(|known| rest.starts_with(**known))?;
                rest = &rest[operator.len()..];
                statement.tokens.push(match *operator {
                    "(" | "[" | "{" => {
                        depth += 1;
                        Token::Open { mark: c, spaced }
                    }
                    operator => Token::Operator(operator),
                });
            }
        }
        spaced = c.is_whitespace();
    }
    if !statement.tokens.is_empty() {
        statement.is_open |= depth > 0;
        statements.push(statement);
    }
    Some(statements)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

enum After<'a> {
    String(&'a str),
    /// The text ends within it, and it is one that may have many lines.
    End,
    /// There is no string.
    Nothing,
}

fn after_string(text: &str) -> After<'_> {
    let mark = &text[..1];
    let long = [r#"""""#, "'''"]
        .into_iter()
        .find(|long| text.starts_with(long));
    let end = long.unwrap_or(mark);
    let mut rest = &text[end.len()..];
    loop {
        if let Some(after) = rest.strip_prefix(end) {
            return After::String(after);
        }
        let mut chars = rest.chars();
        match chars.next() {
            None if long.is_some() => return After::End,
            None => return After::Nothing,
            Some('\n') if long.is_none() => return After::Nothing,
            Some('\\') => {
                chars.next();
            }
            Some(_) => {}
        }
        rest = chars.as_str();
    }
}
