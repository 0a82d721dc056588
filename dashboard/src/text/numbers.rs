//! Numbers for people.

/// Bytes, in units of 1000: `512 B`, `1.4 MB`.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    // What would be shown as 1000.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 9.95 { 1 } else { 0 };
    format!("{value:.digits$} {}", UNITS[unit])
}

/// A count, its thousands apart: `10 000`. The space does not break.
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// A count of things: `1 file`, `3 files`.
pub(crate) fn things(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A part of one, in hundredths: `98 %`, `99.9 %`; only all is 100.
pub(crate) fn percent(part: f64) -> String {
    let percent = part * 100.0;
    if percent >= 99.95 && part < 1.0 {
        "99.9\u{a0}%".to_owned()
    } else if !(10.0..=99.0).contains(&percent) {
        let text = format!("{percent:.1}");
        format!("{}\u{a0}%", text.strip_suffix(".0").unwrap_or(&text))
    } else {
        format!("{percent:.0}\u{a0}%")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_units() {
        for (number, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (9949, "9.9 kB"),
            (9950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (268_435_456, "268 MB"),
            (u64::MAX, "18447 PB"),
        ] {
            assert_eq!(bytes(number), text);
        }
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1\u{a0}000"),
            (1_234_567, "1\u{a0}234\u{a0}567"),
        ] {
            assert_eq!(count(number), text);
        }
        assert_eq!(things(1, "file", "files"), "1 file");
        assert_eq!(things(0, "file", "files"), "0 files");
    }

    #[test]
    fn only_all_is_a_hundred() {
        for (part, text) in [
            (0.0, "0\u{a0}%"),
            (0.031, "3.1\u{a0}%"),
            (0.5, "50\u{a0}%"),
            (0.985, "98\u{a0}%"),
            (0.9999, "99.9\u{a0}%"),
            (1.0, "100\u{a0}%"),
        ] {
            assert_eq!(percent(part), text);
        }
    }
}
