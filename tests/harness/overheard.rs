//! A way to a server on which every request is overheard.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::server::Server;

/// Passes on what it gets, and keeps what was asked. For a browser it is two origins: `127.0.0.1` and `localhost`.
pub(crate) struct Overheard {
    port: u16,
    asked: Arc<Mutex<Vec<u8>>>,
}

impl Overheard {
    /// It listens as long as this process.
    pub(crate) fn before(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (to, heard) = (server.process().address().to_owned(), Arc::clone(&asked));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&to) else {
                    return;
                };
                let (Ok(answers), Ok(back)) = (server.try_clone(), client.try_clone()) else {
                    return;
                };
                let heard = Arc::clone(&heard);
                thread::spawn(move || pass_on(client, server, Some(&heard)));
                thread::spawn(move || pass_on(answers, back, None));
            }
        });
        Self { port, asked }
    }

    /// The address of a page, at the origin that the tests use.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The same on what is another origin for a browser.
    pub(crate) fn elsewhere(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Whether anything that was asked has this in it.
    pub(crate) fn has_heard(&self, text: &str) -> bool {
        let asked = self.asked.lock().expect("no holder panics");
        asked
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }
}

/// To the end of one of them.
fn pass_on(mut from: TcpStream, mut to: TcpStream, heard: Option<&Mutex<Vec<u8>>>) {
    let mut bytes = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if let Some(heard) = heard {
            let mut heard = heard.lock().expect("no holder panics");
            heard.extend_from_slice(&bytes[..count]);
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // The other side may have ended it already.
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
