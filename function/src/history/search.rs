//! Looking for a piece of text, whatever its case, in what is recorded.

use std::collections::BTreeSet;

use super::filter::Condition;
use super::owner::id_in;

/// A text to look for.
pub(super) struct Search {
    /// The ways to write it that SQLite tells apart: it ignores the case of ASCII letters alone. Of all others
    /// there are the commonest ways: as it came, all small, all capital, and one capital at the beginning.
    spellings: BTreeSet<String>,
}

impl Search {
    pub(super) fn new(text: &str) -> Self {
        let mut spellings = BTreeSet::from([text.to_ascii_lowercase()]);
        if !text.is_ascii() {
            let small = text.to_lowercase();
            let mut rest = small.chars();
            let first: String = rest
                .next()
                .map(char::to_uppercase)
                .into_iter()
                .flatten()
                .collect();
            for spelling in [text.to_uppercase(), first + rest.as_str(), small] {
                spellings.insert(spelling.to_ascii_lowercase());
            }
        }
        Self { spellings }
    }

    /// In a session's id, and in all executions of it.
    pub(super) fn in_sessions(&self, condition: &mut Condition) -> String {
        let session = self.in_columns(&[&id_in("s")], condition);
        let execution = self.in_columns(&["x.execution_id", "x.error", "x.code"], condition);
        format!(
            "({session} OR EXISTS (SELECT 1 FROM executions x WHERE x.session_id = s.session_id AND {execution}))"
        )
    }

    /// In an execution.
    pub(super) fn in_executions(&self, condition: &mut Condition) -> String {
        self.in_columns(
            &[&id_in("e"), "e.execution_id", "e.error", "e.code"],
            condition,
        )
    }

    /// In an execution, or in what a model was told and said in the course of it. Most dialogues need not be
    /// taken apart to see that it is not in them.
    pub(super) fn in_prompts(&self, condition: &mut Condition) -> String {
        let execution = self.in_executions(condition);
        let whole = self
            .escaped_as_json()
            .in_columns(&["d.exchanges"], condition);
        let said = self.in_columns(&["said.value"], condition);
        format!(
            "({execution} OR EXISTS (SELECT 1 FROM dialogues d, json_tree(d.exchanges) said \
             WHERE d.execution_id = e.execution_id AND {whole} \
             AND said.key IN ('content', 'reply', 'error') AND {said}))"
        )
    }

    fn in_columns(&self, columns: &[&str], condition: &mut Condition) -> String {
        let mut terms = Vec::new();
        for spelling in &self.spellings {
            let pattern = condition.bind(pattern(spelling));
            let like = |column: &&str| format!(r"{column} LIKE {pattern} ESCAPE '\'");
            terms.extend(columns.iter().map(like));
        }
        format!("({})", terms.join(" OR "))
    }

    /// The text as it stands in a JSON string.
    fn escaped_as_json(&self) -> Self {
        let escaped = |text: &String| {
            let quoted = serde_json::Value::from(text.as_str()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        Self {
            spellings: self.spellings.iter().map(escaped).collect(),
        }
    }
}

/// Every character stands for itself.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_means_another() {
        assert_eq!(pattern(r"100%_\x"), r"%100\%\_\\x%");
    }

    #[test]
    fn letters_are_spelled_in_more_than_one_way_where_sqlite_does_not() {
        let spellings =
            |text: &str| -> Vec<String> { Search::new(text).spellings.into_iter().collect() };
        assert_eq!(spellings("Abc"), ["abc"]);
        assert_eq!(spellings("über"), ["Über", "über"]);
        assert_eq!(spellings("ДА"), ["ДА", "Да", "да"]);
        assert_eq!(spellings("größe"), ["grÖsse", "größe"]);
    }

    #[test]
    fn a_quote_is_looked_for_as_json_has_it() {
        let search = Search::new("say \"hi\"\n");
        let escaped: Vec<_> = search.escaped_as_json().spellings.into_iter().collect();
        assert_eq!(escaped, [r#"say \"hi\"\n"#]);
    }
}
