//! Answers that are events.

use std::collections::VecDeque;
use std::marker::PhantomData;

use bytes::Bytes;
use futures::StreamExt as _;
use reqwest::Response;
use serde::de::DeserializeOwned;

use super::ClientError;
use crate::sse::{Event, Events};

/// A body as it arrives. In a browser there are no threads that it could be sent to.
#[cfg(target_family = "wasm")]
type Chunks = futures::stream::LocalBoxStream<'static, reqwest::Result<Bytes>>;
#[cfg(not(target_family = "wasm"))]
type Chunks = futures::stream::BoxStream<'static, reqwest::Result<Bytes>>;

fn chunks(response: Response) -> Chunks {
    Box::pin(response.bytes_stream())
}

/// Server-sent events, one after the other. Dropping it hangs up.
pub struct Stream<T> {
    chunks: Chunks,
    status: u16,
    events: Events,
    waiting: VecDeque<Event>,
    kind: PhantomData<T>,
}

impl<T> Stream<T> {
    pub(super) fn new(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            chunks: chunks(response),
            events: Events::default(),
            waiting: VecDeque::new(),
            kind: PhantomData,
        }
    }
}

impl<T: DeserializeOwned> Stream<T> {
    /// The next event; none when the server has closed the stream.
    pub async fn next(&mut self) -> Result<Option<T>, ClientError> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                let status = self.status;
                return serde_json::from_str(&event.data)
                    .map(Some)
                    .map_err(|source| ClientError::Unexpected { status, source });
            }
            match self.chunks.next().await.transpose()? {
                Some(bytes) => self.waiting.extend(self.events.push(&bytes)),
                None => return Ok(None),
            }
        }
    }
}
