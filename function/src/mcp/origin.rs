//! Whose pages may speak to us. A browser says in `Origin` where a page comes from, and a name that a stranger's page
//! comes from may be made to mean this machine: so it is judged by what it says, not by where it leads.

use api::error::ErrorCode;
use http::{HeaderMap, Uri, header};

use crate::error::Refusal;
use crate::settings::ANY_ORIGIN;

/// Lets pass what no page sends, pages of this machine, and pages of the origins that an operator allows.
pub fn admit(headers: &HeaderMap, allowed: &[String]) -> Result<(), Refusal> {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let origin = String::from_utf8_lossy(origin.as_bytes()).to_ascii_lowercase();
    if is_of_this_machine(&origin) || allowed == [ANY_ORIGIN] || allowed.contains(&origin) {
        return Ok(());
    }
    Err(Refusal::new(
        ErrorCode::Forbidden,
        format!(
            "pages of `{}` may not speak to this server",
            origin.escape_debug()
        ),
    )
    .hint("an operator allows an origin with the setting `cors_origins`"))
}

fn is_of_this_machine(origin: &str) -> bool {
    let uri: Option<Uri> = origin.parse().ok();
    let host = uri.as_ref().and_then(|uri| uri.scheme().and(uri.host()));
    matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_page_is_turned_away() {
        let admits = |origin: &str| {
            let headers = HeaderMap::from_iter([(header::ORIGIN, origin.parse().unwrap())]);
            admit(&headers, &["https://chat.example".to_owned()]).is_ok()
        };
        for good in [
            "http://localhost:6274",
            "http://127.0.0.1",
            "http://[::1]:3000",
            "https://chat.example",
            "https://Chat.Example",
        ] {
            assert!(admits(good), "{good}");
        }
        for bad in [
            "null",
            "",
            "http://evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "https://chat.example:444",
            "http://chat.example",
        ] {
            assert!(!admits(bad), "{bad}");
        }
        assert!(admit(&HeaderMap::new(), &[]).is_ok());
    }
}
