//! Pages of a list: what a caller may ask for, and the opaque cursors that lead from one page to the next.

use api::history::Page;
use serde::Deserialize;

/// Items of a page when the caller does not say.
const DEFAULT_LIMIT: usize = 50;
/// Items of a page at most.
const MAX_LIMIT: usize = 200;

/// `?limit=&cursor=` as it came.
#[derive(Debug, Default, Deserialize)]
pub struct PageQuery {
    limit: Option<String>,
    // As E2B's client calls it.
    #[serde(alias = "nextToken")]
    cursor: Option<String>,
}

/// Why a page can't be had. The message is written for the caller.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPage {
    /// Not a number, or out of range.
    #[error("invalid limit `{}`: it must be a whole number between 1 and {MAX_LIMIT}", .0.escape_debug())]
    Limit(String),
    /// Not a cursor that this list gave.
    #[error("invalid cursor: it must be `next_cursor` of a page of this same list")]
    Cursor,
}

/// A page to fetch: at most `limit` items after the place that `after` names.
#[derive(Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// From 1 to 200.
    pub limit: usize,
    /// The key of the last item of the page before; none for the first page.
    pub after: Option<String>,
}

impl PageQuery {
    /// The page that a cursor leads to, as large as pages are when nobody says.
    pub fn at(cursor: Option<String>) -> Self {
        Self {
            limit: None,
            cursor,
        }
    }

    /// Checks the query.
    pub fn parse(self) -> Result<PageRequest, BadPage> {
        let limit = match self.limit {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => limit,
                _ => return Err(BadPage::Limit(text)),
            },
        };
        let after = match self.cursor {
            None => None,
            Some(cursor) => Some(decode(&cursor).ok_or(BadPage::Cursor)?),
        };
        Ok(PageRequest { limit, after })
    }
}

impl PageRequest {
    /// How many to fetch: one more than asked for tells whether there is another page.
    pub fn fetch(&self) -> usize {
        self.limit + 1
    }

    /// Makes the page of what was fetched, in the order of `key`.
    pub fn page<T>(&self, mut fetched: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let more = fetched.len() > self.limit;
        fetched.truncate(self.limit);
        let next_cursor = fetched
            .last()
            .filter(|_| more)
            .map(|last| encode(&key(last)));
        Page {
            items: fetched,
            next_cursor,
        }
    }
}

/// Hexadecimal: safe in a URL, and nothing that a caller would be tempted to write.
fn encode(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn decode(cursor: &str) -> Option<String> {
    let digits: Vec<u32> = cursor
        .chars()
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let bytes: Vec<u8> = pairs
        .iter()
        .map(|[high, low]| (high * 16 + low) as u8)
        .collect();
    String::from_utf8(bytes).ok().filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: Option<&str>, cursor: Option<&str>) -> PageQuery {
        PageQuery {
            limit: limit.map(Into::into),
            cursor: cursor.map(Into::into),
        }
    }

    #[test]
    fn a_page_leads_to_the_next() {
        let request = query(Some("2"), None).parse().unwrap();
        let page = request.page(vec!["c", "b", "a"], |item| (*item).to_owned());
        assert_eq!(page.items, ["c", "b"]);
        let next = query(None, page.next_cursor.as_deref()).parse().unwrap();
        assert_eq!(next.after, Some("b".to_owned()));
        assert_eq!(
            next.page(vec!["a"], |item| (*item).to_owned()).next_cursor,
            None
        );
    }

    #[test]
    fn limits_have_edges() {
        assert_eq!(query(None, None).parse().unwrap().limit, 50);
        for good in ["1", "200"] {
            assert!(query(Some(good), None).parse().is_ok(), "{good}");
        }
        for bad in ["0", "201", "-1", "", "x", "1.5", "99999999999999999999999"] {
            assert_eq!(
                query(Some(bad), None).parse(),
                Err(BadPage::Limit(bad.into()))
            );
        }
    }

    #[test]
    fn a_cursor_of_nobody_is_refused() {
        assert!(query(None, Some(&encode("é"))).parse().is_ok());
        for bad in ["", "zz", "5", "ff", "é", "'"] {
            assert_eq!(
                query(None, Some(bad)).parse(),
                Err(BadPage::Cursor),
                "{bad}"
            );
        }
    }
}
