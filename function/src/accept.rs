//! Headers by which a client says what it would rather have: `Accept`, `Accept-Encoding`.

use http::{HeaderMap, HeaderName, header};

use crate::sse::EVENT_STREAM;

/// What an item without a weight weighs; the finest weight there is, `q=0.001`, is 1.
const FULL: u16 = 1000;

/// What a header lists, each with its weight in thousandths. A weight that can't be understood is none.
pub fn weighted<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = (&'a str, u16)> {
    let values = headers.get_all(name).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| {
                let (key, value) = part.split_once('=')?;
                key.trim().eq_ignore_ascii_case("q").then(|| value.trim())
            });
            (name, weight.map_or(FULL, thousandths))
        })
}

fn thousandths(weight: &str) -> u16 {
    let weight: f32 = weight.parse().unwrap_or_default();
    // What is not a number becomes 0.
    (weight.clamp(0.0, 1.0) * f32::from(FULL)).round() as u16
}

/// Whether the client is one that shows pages. One that takes anything, as curl does, is none.
pub fn wants_page(headers: &HeaderMap) -> bool {
    names(headers, "text/html")
}

/// Whether the client would hear what happens as it happens.
pub fn wants_events(headers: &HeaderMap) -> bool {
    names(headers, EVENT_STREAM)
}

/// Whether a client asks for a media type by its name.
fn names(headers: &HeaderMap, media_type: &str) -> bool {
    weighted(headers, &header::ACCEPT)
        .any(|(named, weight)| named.eq_ignore_ascii_case(media_type) && weight > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_as_they_are_written() {
        let value = "a, b;q=0.5 , c ; x=1; Q = 0.001,d;q=2,e;q=-1,f;q=x,g;q=NaN,h;q=0";
        let headers = HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())]);
        let weighted: Vec<_> = weighted(&headers, &header::ACCEPT).collect();
        assert_eq!(
            weighted,
            [
                ("a", 1000),
                ("b", 500),
                ("c", 1),
                ("d", 1000),
                ("e", 0),
                ("f", 0),
                ("g", 0),
                ("h", 0)
            ]
        );
    }

    #[test]
    fn only_a_browser_wants_a_page() {
        let wants = |value: &str| {
            wants_page(&HeaderMap::from_iter([(
                header::ACCEPT,
                value.parse().unwrap(),
            )]))
        };
        assert!(wants(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        ));
        assert!(wants("*/*, Text/HTML;q=0.1"));
        for other in [
            "",
            "*/*",
            "text/*",
            "application/json",
            "text/html;q=0",
            "text/htmlx",
        ] {
            assert!(!wants(other), "{other}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }
}
