//! Runs a program, watches it, and fetches the file that it leaves.
//!
//! ```console
//! $ cargo run --release --package api --features client --example run
//! ```
//!
//! `VIVARIUM_URL` says where Vivarium is (`http://127.0.0.1:3000`), and `VIVARIUM_TOKEN` has its `api_token`, if that
//! is set.

use std::error::Error;

use api::client::Client;
use api::live::LiveEvent;
use api::tool::ToolRequest;
use api::{SessionId, WorkspacePath};

const CODE: &str = "\
import pandas as pd
primes = [n for n in range(2, 50) if all(n % d for d in range(2, n))]
print(len(primes), 'primes')
pd.DataFrame({'prime': primes}).to_csv('primes.csv', index=False)";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("VIVARIUM_URL").unwrap_or("http://127.0.0.1:3000".to_owned());
    let mut client = Client::new(&url)?;
    if let Ok(token) = std::env::var("VIVARIUM_TOKEN") {
        client = client.with_token(token);
    }
    let request = ToolRequest {
        code: CODE.to_owned(),
        // Seconds. No session is named, so this begins a new one.
        timeout: Some(10.0),
        ..ToolRequest::default()
    };

    // `client.run(&request)` does the same and gives the last event alone.
    let mut events = client.stream(&request).await?;
    let response = loop {
        match events.next().await? {
            Some(LiveEvent::Stdout { text }) => print!("{text}"),
            Some(LiveEvent::Stderr { text }) => eprint!("{text}"),
            Some(LiveEvent::Finished(response)) => break response,
            Some(_) => {}
            None => return Err("the stream broke off".into()),
        }
    };
    // A program that fails is an answer; only a call that did not come through is an error.
    if !response.success {
        return Err(response.answer.into());
    }

    let session = SessionId::parse(&response.metadata.session_id.unwrap_or_default())?;
    let path = WorkspacePath::parse("primes.csv")?;
    let file = client.read_file(&session, &path).await?;
    println!("{path}: {} bytes", file.bytes().await?.len());
    Ok(())
}
