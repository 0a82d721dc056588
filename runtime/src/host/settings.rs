//! What the application's variables are set to, and what each component sees of them.
//!
//! An operator sets a variable with `SPIN_VARIABLE_<NAME>` or, before that, with `--variable`.

use std::collections::BTreeMap;
use std::fmt;

use super::error::Problem;
use super::manifest::{Component, Declaration};
use super::template::expand;

/// The prefix of the environment variables that set Spin variables.
pub(super) const PREFIX: &str = "SPIN_VARIABLE_";

/// Every variable of the application with its value. Any may be a secret, so none is shown.
#[derive(Clone, Default)]
pub(super) struct Settings(BTreeMap<String, String>);

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Settings {
    /// Takes each variable from `overrides`, the environment or its default, in this order.
    pub(super) fn resolve(
        declared: &BTreeMap<String, Declaration>,
        overrides: &[(String, String)],
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        for (name, _) in overrides
            .iter()
            .filter(|(name, _)| !declared.contains_key(name))
        {
            let names = declared
                .keys()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ");
            let problem = Problem::new(format!("no variable `{name}` is declared in spin.toml"));
            problems.push(problem.hint(format!("the variables are {names}")));
        }
        let mut values = BTreeMap::new();
        for (name, declaration) in declared {
            let given = overrides
                .iter()
                .rev()
                .find(|(given, _)| given == name)
                .map(|(_, value)| value.clone());
            let value = given
                .or_else(|| environment(&environment_name(name)))
                .or_else(|| declaration.default.clone());
            match value {
                Some(value) => {
                    values.insert(name.clone(), value);
                }
                None => problems.push(Problem::new(format!("variable `{name}` must be set")).hint(
                    format!(
                        "set it with `{}` or `--variable {name}=value`",
                        environment_name(name)
                    ),
                )),
            }
        }
        if problems.is_empty() {
            Ok(Self(values))
        } else {
            Err(problems)
        }
    }

    /// Expands templates of a component; the error names `what` it is in.
    pub(super) fn expand(&self, template: &str, what: &str) -> Result<String, Problem> {
        expand(template, |name| self.0.get(name).map(String::as_str))
            .map_err(|error| Problem::new(format!("{what} in spin.toml: {error}")))
    }

    /// What a component sees: its own variables, from the application's.
    pub(super) fn of_component(
        &self,
        name: &str,
        component: &Component,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut values = BTreeMap::new();
        for (variable, template) in &component.variables {
            match self.expand(
                template,
                &format!("variable `{variable}` of component `{name}`"),
            ) {
                Ok(value) => _ = values.insert(variable.clone(), value),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(Self(values))
        } else {
            Err(problems)
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Environment variables that look like settings and set nothing: most likely misspelt.
pub(super) fn strays(
    declared: &BTreeMap<String, Declaration>,
    environment: impl Iterator<Item = String>,
) -> impl Iterator<Item = String> {
    let known: Vec<String> = declared.keys().map(|name| environment_name(name)).collect();
    environment.filter(move |name| name.starts_with(PREFIX) && !known.contains(name))
}

fn environment_name(variable: &str) -> String {
    format!("{PREFIX}{}", variable.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostError;

    fn declared() -> BTreeMap<String, Declaration> {
        let declaration = |default: Option<&str>| Declaration {
            default: default.map(str::to_owned),
        };
        BTreeMap::from([
            ("mode".to_owned(), declaration(Some("native"))),
            ("token".to_owned(), declaration(None)),
        ])
    }

    fn resolve(
        overrides: &[(&str, &str)],
        environment: &[(&str, &str)],
    ) -> Result<Settings, Vec<Problem>> {
        let overrides: Vec<_> = overrides
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Settings::resolve(&declared(), &overrides, |name| {
            environment
                .iter()
                .find(|(k, _)| *k == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn the_command_line_goes_before_the_environment_and_that_before_the_default() {
        let environment = [("SPIN_VARIABLE_TOKEN", "e")];
        assert_eq!(resolve(&[], &environment).unwrap().get("token"), Some("e"));
        assert_eq!(
            resolve(&[], &environment).unwrap().get("mode"),
            Some("native")
        );
        let overrides = [("token", "a"), ("token", "b"), ("mode", "other")];
        assert_eq!(
            resolve(&overrides, &environment).unwrap().get("token"),
            Some("b")
        );
        assert_eq!(
            resolve(&overrides, &environment).unwrap().get("mode"),
            Some("other")
        );
    }

    #[test]
    fn what_is_missing_and_what_is_unknown_is_said_at_once() {
        let problems = resolve(&[("mood", "x")], &[]).unwrap_err();
        insta::assert_snapshot!(HostError::Application(problems), @r"
        no variable `mood` is declared in spin.toml
        error: variable `token` must be set
        hint: the variables are `mode`, `token`
        hint: set it with `SPIN_VARIABLE_TOKEN` or `--variable token=value`
        ");
    }

    #[test]
    fn values_are_not_shown() {
        let shown = format!("{:?}", resolve(&[("token", "s3cret")], &[]).unwrap());
        assert_eq!(shown, r#"{"mode", "token"}"#);
    }

    #[test]
    fn a_misspelt_environment_variable_is_found() {
        let environment = ["SPIN_VARIABLE_MODE", "SPIN_VARIABLE_MOOD", "PATH"].map(str::to_owned);
        assert_eq!(
            strays(&declared(), environment.into_iter()).collect::<Vec<_>>(),
            ["SPIN_VARIABLE_MOOD"]
        );
    }
}
