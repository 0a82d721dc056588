//! Whether text that no fence marks as code is a program.
//!
//! English is full of Python's words, so single words decide nothing. What tells prose from code is that prose puts
//! word beside word, with nothing between them that is an operator to Python; and that code does something.

mod tokens;

use tokens::{Statement, Token, statements};

/// How sure it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// A whole reply: `1 + 1` may be what it says of the result.
    Reply,
    /// A fence without a language: it may also be output.
    Fence,
}

/// Statements that have a block, and the words that begin one.
const COMPOUND: [&str; 14] = [
    "def", "class", "for", "while", "if", "elif", "else", "with", "try", "except", "finally",
    "async", "match", "case",
];
/// Words of Python's between which and other words nothing is needed.
const KEYWORDS: [&str; 34] = [
    "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
];
const ASSIGNMENTS: [&str; 14] = [
    "=", ":=", "+=", "-=", "*=", "/=", "//=", "%=", "**=", "&=", "|=", "^=", "@=", ">>=",
];
/// Without those that dates and words have too: `2024-01-05`, `1/2`, `well-known`.
const ARITHMETIC: [&str; 6] = ["+", "*", "//", "%", "**", "@"];

/// Whether it is one: all of it can be code, and some of it does something.
pub(super) fn is_program(text: &str, surroundings: Surroundings) -> bool {
    let Some(statements) = statements(text) else {
        return false;
    };
    statements.iter().all(can_be_code)
        && statements
            .iter()
            .any(|statement| does_something(statement, surroundings))
}

fn can_be_code(statement: &Statement) -> bool {
    let tokens = statement.tokens.as_slice();
    let neighbours = tokens.windows(2).all(|pair| match pair {
        // `print ("x")` is code, `done (x)` more likely not; who writes code writes `print("x")`.
        [Token::Word(word), Token::Open { spaced: true, .. }] => is_keyword(word),
        [Token::Operator("."), next] => matches!(next, Token::Word(_)),
        [Token::Text, Token::Text] => true,
        [left, right] => !(ends_operand(left) && begins_operand(right)),
        _ => true,
    });
    neighbours && !is_full_stop(tokens.last()) && has_its_colon(statement)
}

/// What ends with a point or a colon is a sentence, unless the colon begins a block.
fn is_full_stop(last: Option<&Token<'_>>) -> bool {
    matches!(last, Some(Token::Operator(".")))
}

fn has_its_colon(statement: &Statement) -> bool {
    let tokens = statement.tokens.as_slice();
    let colon = tokens.contains(&Token::Operator(":"));
    match tokens.first() {
        Some(Token::Word("match" | "case")) => true,
        Some(Token::Word(word)) if COMPOUND.contains(word) => colon || statement.is_open,
        Some(Token::Word("import")) => is_import(&tokens[1..]),
        _ => tokens.last() != Some(&Token::Operator(":")),
    }
}

/// `import a.b as c, d`
fn is_import(names: &[Token<'_>]) -> bool {
    names.iter().all(|token| {
        matches!(token, Token::Word("as") | Token::Operator("." | "," | ";"))
            || matches!(token, Token::Word(word) if !is_keyword(word))
    })
}

fn does_something(statement: &Statement, surroundings: Surroundings) -> bool {
    let tokens = statement.tokens.as_slice();
    let begins = match tokens {
        [Token::Word("import"), ..] => tokens.len() > 1,
        [Token::Word("from"), rest @ ..] => rest.contains(&Token::Word("import")),
        [Token::Word("assert" | "raise" | "del"), rest @ ..] => !rest.is_empty(),
        [Token::Word(word), ..] => COMPOUND.contains(word) && statement.has_colon(),
        _ => false,
    };
    let assigns = || {
        tokens.iter().any(
            |token| matches!(token, Token::Operator(operator) if ASSIGNMENTS.contains(operator)),
        )
    };
    let calls = || {
        tokens.windows(2).any(|pair| {
            matches!(
                pair,
                [
                    Token::Word(_) | Token::Close,
                    Token::Open {
                        mark: '(',
                        spaced: false
                    }
                ]
            )
        })
    };
    let counts = || {
        surroundings == Surroundings::Fence
            && tokens.windows(3).any(|three| match three {
                [left, Token::Operator(operator), right] => {
                    ARITHMETIC.contains(operator) && ends_operand(left) && begins_operand(right)
                }
                _ => false,
            })
    };
    begins || assigns() || calls() || counts()
}

impl Statement<'_> {
    fn has_colon(&self) -> bool {
        self.tokens.contains(&Token::Operator(":"))
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

fn ends_operand(token: &Token<'_>) -> bool {
    match token {
        Token::Word(word) => !is_keyword(word),
        Token::Number | Token::Text | Token::Close => true,
        Token::Open { .. } | Token::Operator(_) => false,
    }
}

/// An opening bracket does too, but after an operand it calls or subscripts it.
fn begins_operand(token: &Token<'_>) -> bool {
    match token {
        Token::Word(word) => !is_keyword(word),
        Token::Number | Token::Text => true,
        Token::Open { .. } | Token::Close | Token::Operator(_) => false,
    }
}

#[cfg(test)]
mod tests;
