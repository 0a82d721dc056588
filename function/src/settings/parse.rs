//! Reading settings strictly: what is not understood is refused with what would be, and all at once.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use http::Uri;

use super::table;

/// A setting that can't work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid {}: '{value}'. Must be {allowed}", .name.to_uppercase())]
pub struct Problem {
    /// The variable.
    pub name: &'static str,
    /// What was given.
    pub value: String,
    /// What would work.
    pub allowed: String,
}

/// Looks settings up, and gathers what is wrong with them.
pub(super) struct Reader<F> {
    lookup: F,
    problems: Vec<Problem>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(super) fn new(lookup: F) -> Self {
        Self {
            lookup,
            problems: Vec::new(),
        }
    }

    /// What is wrong with what was read so far.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The value as it was given, or its default.
    pub(super) fn text(&self, name: &'static str) -> String {
        (self.lookup)(name).unwrap_or_else(|| default(name))
    }

    /// Notes that a value which was understood can't be had.
    pub(super) fn refuse(&mut self, name: &'static str, value: &str, allowed: &str) {
        self.problems.push(Problem {
            name,
            value: value.to_owned(),
            allowed: allowed.to_owned(),
        });
    }

    /// The value read with `parse`; when that gives nothing, notes that it must be `allowed` and goes on
    /// with the default, so that one bad value does not hide the next.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        allowed: impl Into<String>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(name);
        let parsed = parse(value.trim());
        if parsed.is_some() {
            return parsed;
        }
        self.problems.push(Problem {
            name,
            value: without_password(&value),
            allowed: allowed.into(),
        });
        parse(&default(name))
    }

    pub(super) fn number<T>(
        &mut self,
        name: &'static str,
        range: RangeInclusive<T>,
        unit: &str,
    ) -> Option<T>
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let allowed = format!(
            "a number of {unit} between {} and {}",
            range.start(),
            range.end()
        );
        // A NaN is in no range.
        self.read(name, allowed, |value| {
            value.parse().ok().filter(|number| range.contains(number))
        })
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.read(name, "'true' or 'false'", |value| match value {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })
    }

    /// A URL without its final slash, so that paths can be put behind it.
    pub(super) fn url(&mut self, name: &'static str) -> Option<String> {
        self.read(
            name,
            "an http:// or https:// URL without query or password",
            |value| {
                let uri: Uri = value.parse().ok()?;
                let http = matches!(uri.scheme_str(), Some("http" | "https"));
                let named = uri
                    .authority()
                    .is_some_and(|authority| !authority.host().is_empty());
                // A URL with a password in it would show it in every message that names the URL.
                let open = uri
                    .authority()
                    .is_some_and(|authority| !authority.as_str().contains('@'));
                (http && named && open && uri.query().is_none())
                    .then(|| value.trim_end_matches('/').to_owned())
            },
        )
    }
}

fn default(name: &str) -> String {
    table::declared(name)
        .map(|declared| declared.default.to_owned())
        .unwrap_or_default()
}

/// A URL may hold a password, and a problem is shown to anybody.
fn without_password(value: &str) -> String {
    match (value.find("://"), value.rfind('@')) {
        (Some(start), Some(end)) if start + 3 <= end => {
            format!("{}***{}", &value[..start + 3], &value[end..])
        }
        _ => value.to_owned(),
    }
}
