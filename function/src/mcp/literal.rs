//! A JSON value out of what Python shows of one: `{'a': (1, None)}` is `{"a": [1, null]}`. What is no literal, or has
//! no like in JSON, is nothing.

use serde_json::{Map, Value};

/// Nobody's result is nested deeper, and the stack of a component is small.
const MAX_DEPTH: usize = 64;

/// The value of a literal.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.trim() };
    let value = reader.value(0)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.rest.chars().next()? {
            '[' => Some(self.items('[', ']', depth)?.0.into()),
            '(' => match self.items('(', ')', depth)? {
                // Brackets around a value are not a tuple, and Python shows none.
                (items, false) if items.len() == 1 => None,
                (items, _) => Some(items.into()),
            },
            '{' => self.fields(depth),
            '\'' | '"' => self.string().map(Value::String),
            _ => self.word(),
        }
    }

    /// Whether the text goes on with it, which is then behind us.
    fn take(&mut self, token: char) -> bool {
        let rest = self.rest.trim_start();
        let taken = rest.strip_prefix(token);
        self.rest = taken.map_or(rest, str::trim_start);
        taken.is_some()
    }

    /// Values between brackets, and whether a comma stood behind the last.
    fn items(&mut self, open: char, close: char, depth: usize) -> Option<(Vec<Value>, bool)> {
        self.take(open);
        let (mut items, mut comma) = (Vec::new(), true);
        while !self.take(close) {
            if !comma {
                return None;
            }
            items.push(self.value(depth + 1)?);
            comma = self.take(',');
        }
        Some((items, comma))
    }

    fn fields(&mut self, depth: usize) -> Option<Value> {
        self.take('{');
        let (mut fields, mut comma) = (Map::new(), true);
        while !self.take('}') {
            if !comma {
                return None;
            }
            let name = match self.value(depth + 1)? {
                Value::String(name) => name,
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            if !self.take(':') {
                return None;
            }
            fields.insert(name, self.value(depth + 1)?);
            comma = self.take(',');
        }
        Some(fields.into())
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let mut chars = self.rest.char_indices().skip(1);
        let mut string = String::new();
        while let Some((at, char)) = chars.next() {
            if char == quote {
                self.rest = &self.rest[at + quote.len_utf8()..];
                return Some(string);
            }
            if char != '\\' {
                string.push(char);
                continue;
            }
            let digits = match chars.next()?.1 {
                'n' => {
                    string.push('\n');
                    continue;
                }
                'r' => {
                    string.push('\r');
                    continue;
                }
                't' => {
                    string.push('\t');
                    continue;
                }
                'x' => 2,
                'u' => 4,
                'U' => 8,
                plain => {
                    string.push(plain);
                    continue;
                }
            };
            let code: String = chars
                .by_ref()
                .take(digits)
                .map(|(_, digit)| digit)
                .collect();
            // Half of a surrogate pair is no character.
            string.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
        }
        None
    }

    /// `True`, `None`, a number: the names and signs of what JSON has not are not understood.
    fn word(&mut self) -> Option<Value> {
        let end = self.rest.find([',', ':', ']', ')', '}', ' ', '\n']);
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        match word {
            "True" => Some(true.into()),
            "False" => Some(false.into()),
            "None" => Some(Value::Null),
            "true" | "false" | "null" => None,
            number => serde_json::from_str(number).ok().filter(Value::is_number),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_json_has_too_is_understood() {
        let cases = [
            ("42", json!(42)),
            ("-1.5e-07", json!(-1.5e-7)),
            ("True", json!(true)),
            ("None", json!(null)),
            ("'it\\'s \\n \\xe9 \\u20ac'", json!("it's \n é €")),
            ("\"it's\"", json!("it's")),
            ("[]", json!([])),
            ("()", json!([])),
            ("(1,)", json!([1])),
            ("[1, (2, 'x'), {}]", json!([1, [2, "x"], {}])),
            (
                "{'a': {'b': [None]}, 2: False}",
                json!({ "a": { "b": [null] }, "2": false }),
            ),
            ("{'a': 1,\n 'b': 2}", json!({ "a": 1, "b": 2 })),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_json_has_not_is_nothing() {
        for text in [
            "",
            "nan",
            "inf",
            "null",
            "1+2j",
            "(1+2j)",
            "{1, 2}",
            "[1",
            "[1 2]",
            "1 2",
            "'a",
            "'a' 'b'",
            "np.float64(1.5)",
            "<object at 0x1>",
            "[...]",
            "(1)",
            "{'a'}",
            "{None: 1}",
            "'\\ud800'",
            "   a\n0  1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }
}
