//! Times for people. A time is milliseconds since 1970 here.

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// What is not longer ago than this is now.
const NOW: i64 = 5 * SECOND;

/// How long ago something was: `just now`, `5 min ago`.
pub(crate) fn ago(then: i64, now: i64) -> String {
    let past = now - then;
    // Clocks differ a little; a moment ahead is now.
    if past < NOW {
        return "just now".to_owned();
    }
    let units = [(DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s")];
    let (length, unit) = units
        .into_iter()
        .find(|(length, _)| past >= *length)
        .unwrap_or((SECOND, "s"));
    let number = past / length;
    format!("{number}\u{a0}{unit} ago")
}

/// How long something took: `2.9 ms`, `1.5 s`, `2 min 5 s`.
pub(crate) fn duration(seconds: f64) -> String {
    let ms = seconds * 1000.0;
    match ms {
        ..9.95 => format!("{ms:.1}\u{a0}ms"),
        ..999.5 => format!("{ms:.0}\u{a0}ms"),
        ..9_950.0 => format!("{seconds:.1}\u{a0}s"),
        ..59_500.0 => format!("{seconds:.0}\u{a0}s"),
        _ => {
            let whole = seconds.round() as u64;
            format!("{}\u{a0}min {}\u{a0}s", whole / 60, whole % 60)
        }
    }
}

/// How long something has been under way, by the second: `0 s`, `2 min 5 s`.
pub(crate) fn elapsed(seconds: u64) -> String {
    match seconds {
        ..60 => format!("{seconds}\u{a0}s"),
        _ => format!("{}\u{a0}min {}\u{a0}s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_told_in_the_largest_unit() {
        for (past, text) in [
            (-3000, "just now"),
            (4_999, "just now"),
            (5_000, "5\u{a0}s ago"),
            (59_999, "59\u{a0}s ago"),
            (60_000, "1\u{a0}min ago"),
            (3_599_999, "59\u{a0}min ago"),
            (3_600_000, "1\u{a0}h ago"),
            (86_400_000, "1\u{a0}d ago"),
            (40 * 86_400_000, "40\u{a0}d ago"),
        ] {
            assert_eq!(ago(1_000_000, 1_000_000 + past), text);
        }
    }

    #[test]
    fn durations_keep_two_digits() {
        for (seconds, text) in [
            (0.0, "0.0\u{a0}ms"),
            (0.0029, "2.9\u{a0}ms"),
            (0.25, "250\u{a0}ms"),
            (1.5, "1.5\u{a0}s"),
            (30.0, "30\u{a0}s"),
            (59.6, "1\u{a0}min 0\u{a0}s"),
            (125.0, "2\u{a0}min 5\u{a0}s"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn what_is_under_way_is_counted_in_seconds() {
        assert_eq!(elapsed(0), "0\u{a0}s");
        assert_eq!(elapsed(125), "2\u{a0}min 5\u{a0}s");
    }
}
