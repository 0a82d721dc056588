//! Server-sent events: a stream of bytes to events, however the bytes are cut up.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// The field `data`, its lines joined.
    pub data: String,
    /// The field `id`, the cursor to come back with; of the last event that had one.
    pub id: Option<String>,
}

/// Takes bytes as they come and gives events.
#[derive(Debug, Default)]
pub struct Events {
    /// The line that has not ended yet. Bytes, since a character may not have ended either.
    line: Vec<u8>,
    /// The data of the event that has not ended yet.
    data: Option<String>,
    /// The last `id`.
    id: Option<String>,
    /// The line before ended with CR: an LF right after it belongs to the same end.
    after_cr: bool,
    /// Whether a line has ended: only before the first may there be a byte order mark.
    begun: bool,
}

impl Events {
    /// More bytes; gives every event that they end.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
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
    pub fn end(&mut self) -> Option<Event> {
        self.end_line().or_else(|| self.end_event())
    }

    /// Bytes that wait for the end of their event.
    pub fn pending_bytes(&self) -> usize {
        self.line.len() + self.data.as_ref().map_or(0, String::len)
    }

    fn end_event(&mut self) -> Option<Event> {
        let data = self.data.take()?;
        let id = self.id.clone();
        Some(Event { data, id })
    }

    /// An event, if the line ends it.
    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_event();
        }
        // Comments (`: ...`) and all other fields mean nothing to us; what an event is called is in its data.
        if let Some(id) = field(line, b"id") {
            self.id = Some(id);
        }
        let value = field(line, b"data")?;
        match &mut self.data {
            Some(data) => {
                data.push('\n');
                data.push_str(&value);
            }
            None => self.data = Some(value),
        }
        None
    }
}

/// The value of a line, if it is of this field.
fn field(line: &[u8], name: &[u8]) -> Option<String> {
    let value = match line.strip_prefix(name)? {
        [] => &[],
        [b':', b' ', value @ ..] | [b':', value @ ..] => value,
        _ => return None,
    };
    Some(String::from_utf8_lossy(value).into_owned())
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
        all.into_iter().map(|event| event.data).collect()
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
    fn the_last_id_is_kept() {
        let mut events = Events::default();
        let ids = events.push(b"data: a\n\nid: 7\ndata: b\n\ndata: c\n\nid:8\ndata: d\n\n");
        let ids: Vec<_> = ids.iter().map(|event| event.id.as_deref()).collect();
        assert_eq!(ids, [None, Some("7"), Some("7"), Some("8")]);
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
