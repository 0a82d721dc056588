//! Python source cut into pieces that are coloured alike. It knows words, not grammar: what is half written is
//! coloured as far as it goes.

use logos::{Lexer, Logos};

/// What a piece is, and the class it is shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Comment,
    String,
    Number,
    Keyword,
    Builtin,
    /// The name behind `def` or `class`, and decorators.
    Definition,
}

impl Kind {
    /// Its class in the style sheet.
    pub(crate) fn class(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Comment => "py-comment",
            Self::String => "py-string",
            Self::Number => "py-number",
            Self::Keyword => "py-keyword",
            Self::Builtin => "py-builtin",
            Self::Definition => "py-definition",
        })
    }
}

#[derive(Logos, Debug, Clone, Copy, PartialEq)]
enum Token {
    #[regex(r"#[^\n]*", allow_greedy = true)]
    Comment,
    #[regex(r#"(?i)[rbuft]{0,2}("""|'''|"|')"#, string)]
    String,
    #[regex(r"(?i)0[xob][0-9a-f_]+|[0-9][0-9_]*(\.[0-9_]*)?(e[+-]?[0-9_]+)?j?|\.[0-9][0-9_]*(e[+-]?[0-9]+)?j?")]
    Number,
    #[regex(r"[A-Za-z_\u{80}-\u{10FFFF}][A-Za-z0-9_\u{80}-\u{10FFFF}]*")]
    Name,
    #[regex(r"@[A-Za-z_][A-Za-z0-9_.]*")]
    Decorator,
    #[regex(r"[ \t\n\r]+")]
    Space,
}

/// Takes the rest of a string whose opening quote has been read; one that does not end goes to the end of its line,
/// or of the source where it may have several.
fn string(lexer: &mut Lexer<'_, Token>) {
    let opening = lexer.slice();
    let quote = opening.chars().last().unwrap_or('"');
    let triple = opening.ends_with(r#"""""#) || opening.ends_with("'''");
    let rest = lexer.remainder();
    let mut characters = rest.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '\n' if !triple => return lexer.bump(index),
            _ if character == quote => {
                let closing = if triple { 3 } else { 1 };
                let found = rest[index..]
                    .chars()
                    .take_while(|c| *c == quote)
                    .take(closing);
                if found.count() == closing {
                    return lexer.bump(index + closing);
                }
            }
            _ => {}
        }
    }
    lexer.bump(rest.len());
}

const KEYWORDS: [&str; 39] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class",
    "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
    "import", "in", "is", "lambda", "lazy", "match", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "type", "while", "with", "yield",
];

const BUILTINS: [&str; 34] = [
    "Exception",
    "ValueError",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "dict",
    "enumerate",
    "filter",
    "float",
    "input",
    "int",
    "isinstance",
    "len",
    "list",
    "map",
    "max",
    "min",
    "object",
    "open",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "self",
    "set",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "zip",
];

/// Words that are keywords only at the beginning of a line.
const SOFT: [&str; 4] = ["case", "lazy", "match", "type"];

/// The source in pieces that together are all of it.
pub(crate) fn highlight(source: &str) -> Vec<(Kind, &str)> {
    let mut pieces: Vec<(Kind, std::ops::Range<usize>)> = Vec::new();
    let mut before = "";
    let mut line_begins = true;
    for (token, range) in Token::lexer(source).spanned() {
        let text = &source[range.clone()];
        let kind = match token {
            Ok(Token::Comment) => Kind::Comment,
            Ok(Token::String) => Kind::String,
            Ok(Token::Number) => Kind::Number,
            Ok(Token::Decorator) if line_begins => Kind::Definition,
            Ok(Token::Name) => name(text, before, line_begins, &source[range.end..]),
            _ => Kind::Plain,
        };
        match token {
            Ok(Token::Space) => line_begins |= text.contains('\n'),
            _ => {
                before = text;
                line_begins = false;
            }
        }
        match pieces.last_mut() {
            Some((last, whole)) if *last == kind => whole.end = range.end,
            _ => pieces.push((kind, range)),
        }
    }
    pieces
        .into_iter()
        .map(|(kind, range)| (kind, &source[range]))
        .collect()
}

fn name(text: &str, before: &str, line_begins: bool, after: &str) -> Kind {
    if before == "def" || before == "class" {
        Kind::Definition
    } else if SOFT.contains(&text)
        && !(line_begins
            && after.starts_with(' ')
            && !after.trim_start().starts_with(['=', '.', ',']))
    {
        if text == "type" {
            Kind::Builtin
        } else {
            Kind::Plain
        }
    } else if before != "." && KEYWORDS.binary_search(&text).is_ok() {
        Kind::Keyword
    } else if before != "." && BUILTINS.binary_search(&text).is_ok() {
        Kind::Builtin
    } else {
        Kind::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(source: &str) -> Vec<(Kind, &str)> {
        highlight(source)
            .into_iter()
            .filter(|(kind, _)| *kind != Kind::Plain)
            .collect()
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(KEYWORDS.is_sorted() && BUILTINS.is_sorted());
    }

    #[test]
    fn nothing_of_the_source_is_lost() {
        for source in [
            "",
            "x",
            "print('hi')\n",
            "a = \"\"\"un\nended",
            "'un\nended",
            "\\",
            "é = 1 # ü",
            "f'{x!r:>{w}}'",
            "\u{1f40d}\0\t",
            "'a\\",
            "x = 0xFF_ff + 1_000.5e-3j",
            "'''a''b'c'''d",
        ] {
            let whole: String = highlight(source).iter().map(|(_, text)| *text).collect();
            assert_eq!(whole, source);
        }
    }

    #[test]
    fn pieces_are_told_apart() {
        assert_eq!(
            coloured("@cache\ndef f(x): # why\n    return len(x.len) + 1.5"),
            [
                (Kind::Definition, "@cache"),
                (Kind::Keyword, "def"),
                (Kind::Definition, "f"),
                (Kind::Comment, "# why"),
                (Kind::Keyword, "return"),
                (Kind::Builtin, "len"),
                (Kind::Number, "1.5"),
            ]
        );
        assert_eq!(
            coloured("rb'a\\'b' '''x\n'y' ''' \"un"),
            [
                (Kind::String, "rb'a\\'b'"),
                (Kind::String, "'''x\n'y' '''"),
                (Kind::String, "\"un")
            ]
        );
        assert_eq!(
            coloured("'a\nb = 'c'"),
            [(Kind::String, "'a"), (Kind::String, "'c'")]
        );
    }

    #[test]
    fn soft_keywords_are_words_elsewhere() {
        assert_eq!(coloured("match x:"), [(Kind::Keyword, "match")]);
        assert_eq!(coloured("match = re.match(x)"), []);
        assert_eq!(coloured("x = type(y)"), [(Kind::Builtin, "type")]);
    }
}
