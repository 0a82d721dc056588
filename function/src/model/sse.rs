//! Server-sent events: a stream of bytes to the data of each event, however the bytes are cut up.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Takes bytes as they come and gives the data of events.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The line that has not ended yet. Bytes, since a character may not have ended either.
    line: Vec<u8>,
    /// The data of the event that has not ended yet.
    data: Option<String>,
    /// The line before ended with CR: an LF right after it belongs to the same end.
    after_cr: bool,
    /// Whether a line has ended: only before the first may there be a byte order mark.
    begun: bool,
}

impl Events {
    /// More bytes; gives the data of every event that they end.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut ended = Vec::new();
        for byte in bytes {
            let after_cr = std::mem::replace(&mut self.after_cr, *byte == b'\r');
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => ended.extend(self.end_line()),
                _ => self.line.push(*byte),
            }
        }
        ended
    }

    /// No more bytes. The standard would drop an event that no blank line ends, but there are servers that put
    /// none behind the last.
    pub(super) fn end(&mut self) -> Option<String> {
        self.end_line().or_else(|| self.data.take())
    }

    /// Bytes that wait for the end of their event.
    pub(super) fn pending_bytes(&self) -> usize {
        self.line.len() + self.data.as_ref().map_or(0, String::len)
    }

    /// The data of an event, if the line ends it.
    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            return self.data.take();
        }
        // Comments (`: ...`) and all other fields mean nothing to us.
        let value = match line.strip_prefix(b"data") {
            Some([]) => &[],
            Some([b':', b' ', value @ ..] | [b':', value @ ..]) => value,
            _ => return None,
        };
        let value = String::from_utf8_lossy(value);
        match &mut self.data {
            Some(data) => {
                data.push('\n');
                data.push_str(&value);
            }
            None => self.data = Some(value.into_owned()),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(stream: &[u8], chunk_size: usize) -> Vec<String> {
        let mut events = Events::default();
        let mut all = Vec::new();
        for chunk in stream.chunks(chunk_size) {
            all.extend(events.push(chunk));
        }
        all.extend(events.end());
        all
    }

    #[test]
    fn data_comes_out_however_the_bytes_come_in() {
        let cases: [(&str, &[&str]); 12] = [
            ("data: a\n\ndata: b\n\n", &["a", "b"]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", &["a", "b"]),
            ("data: a\r\rdata: b\r\r", &["a", "b"]),
            ("data:a\n\ndata:  b\n\n", &["a", " b"]),
            ("data: é\u{1f40d}\n\n", &["é\u{1f40d}"]),
            (": ping\n\nevent: x\nid: 1\ndata: a\n: c\n\n", &["a"]),
            ("data: a\ndata: b\ndata\n\n", &["a\nb\n"]),
            ("data\n\n", &[""]),
            ("\n\n\ndataset: x\n\nretry: 1\n\n", &[]),
            ("\u{feff}data: a\n\n\u{feff}data: b\n\n", &["a"]),
            ("data: a\n\ndata: [DONE]", &["a", "[DONE]"]),
            ("data: a\n\ndata: [DONE]\n", &["a", "[DONE]"]),
        ];
        for (stream, expected) in cases {
            for size in 1..=stream.len() {
                assert_eq!(
                    events(stream.as_bytes(), size),
                    expected,
                    "{stream:?} by {size}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_utf_8_does_not_stop_it() {
        assert_eq!(events(b"data: \xff\n\ndata: b\n\n", 3), ["\u{fffd}", "b"]);
    }

    #[test]
    fn what_waits_is_counted() {
        let mut events = Events::default();
        events.push(b"data: 12345\nda");
        assert_eq!(events.pending_bytes(), 7);
        events.push(b"ta: 6\n\n");
        assert_eq!(events.pending_bytes(), 0);
    }
}
