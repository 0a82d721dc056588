//! What the host gives: the key-value store, and random bytes.

use crate::store::{Store, StoreError, Swapped};

mod bindings {
    #![allow(
        missing_docs,
        unsafe_code,
        unreachable_pub,
        clippy::allow_attributes_without_reason,
        reason = "generated"
    )]
    wit_bindgen::generate!({
        world: "vivarium:component/workspaces",
        // The host's own definitions, so that there is one of each.
        path: ["../runtime/src/host/wit/deps/wasi-keyvalue-2024-10-17", "wit"],
        generate_all,
    });
}

use bindings::wasi::keyvalue::atomics::{self, Cas, CasError};
use bindings::wasi::keyvalue::batch;
use bindings::wasi::keyvalue::store::{self as kv, Bucket, Error};

/// The store that spin.toml names.
const STORE: &str = "default";

/// Fills memory with random bytes.
pub(crate) fn random(bytes: &mut [u8]) {
    bytes.copy_from_slice(&wasip2::random::random::get_random_bytes(bytes.len() as u64));
}

/// A name that no other has: 64 random bits.
pub(crate) fn new_id() -> String {
    format!("{:016x}", wasip2::random::random::get_random_u64())
}

/// The host's key-value store.
pub(crate) struct KeyValue(Bucket);

impl KeyValue {
    /// Opens the one that the application has.
    pub(crate) fn open() -> Result<Self, StoreError> {
        kv::open(STORE).map(Self).map_err(failed("opening it"))
    }
}

fn failed(doing: &'static str) -> impl Fn(Error) -> StoreError {
    move |error| StoreError {
        doing,
        reason: match error {
            Error::NoSuchStore => format!("there is no store `{STORE}`"),
            Error::AccessDenied => {
                format!("`key_value_stores` in spin.toml does not name `{STORE}`")
            }
            Error::Other(reason) => reason,
        },
    }
}

impl Store for KeyValue {
    type Seen = Cas;

    fn get(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        if let [key] = keys {
            return Ok(vec![self.0.get(key).map_err(failed("reading"))?]);
        }
        // In whatever order the store has them.
        let found = batch::get_many(&self.0, keys).map_err(failed("reading"))?;
        let mut found: std::collections::HashMap<_, _> = found.into_iter().collect();
        Ok(keys.iter().map(|key| found.remove(key).flatten()).collect())
    }

    fn set(&self, values: Vec<(String, Vec<u8>)>) -> Result<(), StoreError> {
        batch::set_many(&self.0, &values).map_err(failed("writing"))
    }

    fn delete(&self, keys: Vec<String>) -> Result<(), StoreError> {
        batch::delete_many(&self.0, &keys).map_err(failed("deleting"))
    }

    fn count(&self, key: &str) -> Result<i64, StoreError> {
        atomics::increment(&self.0, key, 1).map_err(failed("counting"))
    }

    fn look(&self, key: &str) -> Result<(Cas, Option<Vec<u8>>), StoreError> {
        let seen = Cas::new(&self.0, key).map_err(failed("reading"))?;
        let value = self.look_again(&seen)?;
        Ok((seen, value))
    }

    fn look_again(&self, seen: &Cas) -> Result<Option<Vec<u8>>, StoreError> {
        seen.current().map_err(failed("reading"))
    }

    fn swap(&self, seen: Cas, value: &[u8]) -> Result<Swapped<Cas>, StoreError> {
        match atomics::swap(seen, value) {
            Ok(()) => Ok(Swapped::Done),
            Err(CasError::CasFailed(newest)) => Ok(Swapped::Changed(newest)),
            Err(CasError::StoreError(error)) => Err(failed("writing")(error)),
        }
    }
}
