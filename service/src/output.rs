//! A program's output: bytes in, text out, up to the limit.

/// One of the two streams.
#[derive(Debug)]
pub struct Output {
    left: u64,
    dropped: u64,
    /// The beginning of a character whose end has not been written yet.
    partial: Vec<u8>,
}

impl Output {
    /// Keeps so many bytes.
    pub fn new(max_bytes: u64) -> Self {
        Self {
            left: max_bytes,
            dropped: 0,
            partial: Vec::new(),
        }
    }

    /// What of these bytes can be told now: text, with what is no UTF-8 replaced.
    pub fn accept(&mut self, bytes: &[u8]) -> String {
        let kept = bytes
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= kept as u64;
        self.dropped += (bytes.len() - kept) as u64;
        if kept == 0 {
            return String::new();
        }
        let mut pending = std::mem::take(&mut self.partial);
        pending.extend_from_slice(&bytes[..kept]);
        let (text, partial) = decode(&pending);
        self.partial = partial.to_vec();
        text
    }

    /// What is left of a character that was never finished.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.partial)).into_owned()
    }

    /// Bytes that came after the limit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

/// As much text as the bytes hold, and what may be the beginning of one more character.
fn decode(bytes: &[u8]) -> (String, &[u8]) {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return (text, &[]);
            }
            Err(error) => {
                let (valid, bad) = rest.split_at(error.valid_up_to());
                text.push_str(&String::from_utf8_lossy(valid));
                let Some(length) = error.error_len() else {
                    return (text, bad);
                };
                text.push(char::REPLACEMENT_CHARACTER);
                rest = &bad[length..];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_writes_is_one_character() {
        let mut output = Output::new(10);
        let euro = "€".as_bytes();
        assert_eq!(output.accept(&euro[..2]), "");
        assert_eq!(output.accept(&euro[2..]), "€");
        assert_eq!(output.finish(), "");
    }

    #[test]
    fn invalid_bytes_become_replacement_characters() {
        let mut output = Output::new(10);
        assert_eq!(output.accept(b"a\xff\xfeb"), "a\u{fffd}\u{fffd}b");
        assert_eq!(output.accept(b"\xe2\x82"), "");
        assert_eq!(output.finish(), "\u{fffd}");
    }

    #[test]
    fn what_is_past_the_limit_is_counted() {
        let mut output = Output::new(3);
        assert_eq!(output.accept(b"abcd"), "abc");
        assert_eq!(output.accept(b"ef"), "");
        assert_eq!(output.dropped(), 3);
    }
}
