//! A host's error codes for people.

/// `ErrorCode::ConnectionRefused` to `connection refused`.
pub fn words(debug: &str) -> String {
    let mut words = String::new();
    for c in debug.trim_start_matches("ErrorCode::").chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}
