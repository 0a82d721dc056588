//! Whether all is well, in words, and what to do where it is not.

use api::config::Health;

/// What the badge says, and whether it is good news.
pub(crate) fn verdict(health: &Health) -> (&'static str, bool) {
    match health.status.as_str() {
        "ok" => ("All is well", true),
        "misconfigured" => ("The settings can't work", false),
        "unavailable" => ("The mode can't work", false),
        "python_unavailable" => ("Python can't be reached", false),
        _ => ("Something is wrong", false),
    }
}

/// What an operator does about it, besides what each problem says itself.
pub(crate) fn advice(status: &str) -> &'static str {
    match status {
        "misconfigured" => "Change the settings that are named here, and start Vivarium again.",
        "unavailable" => {
            "Choose another mode with `python_executor_mode`, and start Vivarium again."
        }
        "python_unavailable" => "Nothing can run until the python service answers.",
        _ => "The log of the server says more.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ok_is_good_news() {
        for (status, good) in [
            ("ok", true),
            ("misconfigured", false),
            ("unavailable", false),
            ("python_unavailable", false),
            ("new", false),
        ] {
            let health = Health {
                status: status.into(),
                problems: Vec::new(),
                version: String::new(),
            };
            assert_eq!(verdict(&health).1, good, "{status}");
            assert!(!advice(status).is_empty());
        }
    }
}
