//! Tasks beside the handler's own.

use spin_sdk::wit_bindgen::yield_async;

/// Lets tasks begin that were spawned since this task was last polled. wit-bindgen takes them up only after
/// the poll in which they were spawned, and then sleeps until the host has an event for somebody else, which
/// may be never; a turn more, and they are polled for the first time.
pub async fn start_spawned() {
    yield_async().await;
}
