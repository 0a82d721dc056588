//! Which compressed form of a file a client takes: `Accept-Encoding`, as RFC 9110, section 12.5.3, has it.

use http::{HeaderMap, header};

use crate::accept::weighted;

/// How a file is encoded on its way, the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli.
    Brotli,
    /// What everything understands.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The encodings that a request takes, the best first; of those that it likes as much, the smaller.
    pub fn accepted(headers: &HeaderMap) -> Vec<Self> {
        let listed: Vec<_> = weighted(headers, &header::ACCEPT_ENCODING).collect();
        let weight = |wanted: &[&str]| {
            let mut found = listed
                .iter()
                .filter(|(name, _)| wanted.iter().any(|w| name.eq_ignore_ascii_case(w)));
            found.next().map(|(_, weight)| *weight)
        };
        let weights = Self::ALL.map(|encoding| {
            let of_others = weight(&["*"]);
            let weight = weight(encoding.names()).or(of_others);
            // What is not mentioned is not taken, but the file as it is, if need be.
            let unless = if encoding == Self::Identity { 1 } else { 0 };
            (encoding, weight.unwrap_or(unless))
        });
        let mut accepted: Vec<_> = weights
            .into_iter()
            .filter(|(_, weight)| *weight > 0)
            .collect();
        // Stable: what weighs the same stays in the order of `ALL`.
        accepted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        accepted.into_iter().map(|(encoding, _)| encoding).collect()
    }

    /// What `Content-Encoding` says; nothing for the file as it is.
    pub fn content_encoding(self) -> Option<&'static str> {
        (self != Self::Identity).then(|| self.names()[0])
    }

    /// What such a file's name ends with, after the name of the file that it stands for.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding::{Brotli, Gzip, Identity};
    use super::*;

    #[track_caller]
    fn accepted(values: &[&str], expected: &[Encoding]) {
        let values = values
            .iter()
            .map(|value| (header::ACCEPT_ENCODING, value.parse().unwrap()));
        let headers: HeaderMap = values.collect();
        assert_eq!(Encoding::accepted(&headers), expected, "{headers:?}");
    }

    #[test]
    fn the_smallest_is_taken_first() {
        accepted(&["gzip, deflate, br, zstd"], &[Brotli, Gzip, Identity]);
        accepted(&["gzip", "br"], &[Brotli, Gzip, Identity]);
        accepted(&["GZIP"], &[Gzip, Identity]);
        accepted(&["x-gzip"], &[Gzip, Identity]);
        accepted(&["*"], &[Brotli, Gzip, Identity]);
    }

    #[test]
    fn without_a_word_the_file_comes_as_it_is() {
        accepted(&[], &[Identity]);
        accepted(&[""], &[Identity]);
        accepted(&["deflate, zstd"], &[Identity]);
    }

    #[test]
    fn a_clients_own_order_goes_before_ours() {
        accepted(&["br;q=0.5, gzip;q=0.8"], &[Gzip, Brotli, Identity]);
        accepted(&["gzip;q=0.5, identity"], &[Identity, Gzip]);
        accepted(&["br; q=0.001, identity;q=0.002"], &[Identity, Brotli]);
        accepted(&["gzip, *;q=0.1"], &[Gzip, Brotli, Identity]);
    }

    #[test]
    fn what_weighs_nothing_is_not_taken() {
        accepted(&["br;q=0, gzip"], &[Gzip, Identity]);
        accepted(&["br;q=0.000, gzip;Q=0, *"], &[Identity]);
        accepted(&["gzip, identity;q=0"], &[Gzip]);
        accepted(&["gzip, *;q=0"], &[Gzip]);
        accepted(&["*;q=0"], &[]);
        accepted(&["br;q=nonsense, gzip"], &[Gzip, Identity]);
    }
}
