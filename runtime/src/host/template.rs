//! Templates in the manifest: text with `{{ name }}` in it.

/// A template that can't be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TemplateError {
    #[error("`{{{{` without `}}}}`")]
    Unclosed,
    #[error("no variable `{0}` is declared")]
    Undeclared(String),
}

/// Puts the value that `lookup` gives in place of each `{{ name }}`.
pub(super) fn expand<'a>(
    template: &str,
    lookup: impl Fn(&str) -> Option<&'a str>,
) -> Result<String, TemplateError> {
    let mut expanded = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or(TemplateError::Unclosed)?;
        let name = name.trim();
        expanded.push_str(before);
        expanded.push_str(lookup(name).ok_or_else(|| TemplateError::Undeclared(name.to_owned()))?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand_here(template: &str) -> Result<String, TemplateError> {
        expand(template, |name| match name {
            "host" => Some("example.com"),
            "brace" => Some("{{ host }}"),
            _ => None,
        })
    }

    #[test]
    fn names_are_replaced_and_all_else_stays() {
        assert_eq!(expand_here("plain").unwrap(), "plain");
        assert_eq!(
            expand_here("https://{{ host }}:{{host}}/}").unwrap(),
            "https://example.com:example.com/}"
        );
    }

    #[test]
    fn a_value_is_not_expanded_again() {
        assert_eq!(expand_here("{{ brace }}").unwrap(), "{{ host }}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(expand_here("{{ host"), Err(TemplateError::Unclosed));
        assert_eq!(
            expand_here("{{ other }}").unwrap_err().to_string(),
            "no variable `other` is declared"
        );
    }
}
