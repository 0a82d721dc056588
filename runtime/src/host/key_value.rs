//! `wasi:keyvalue@0.2.0-draft2`: a component's stores, each a file in `key_value/` of the data folder.
//!
//! A component of WASI 0.2 calls these and waits. They take a fraction of a millisecond, and so are done on
//! the thread that asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::{HasData, Resource, ResourceTable, ResourceTableError};

use super::bindings::wasi::keyvalue::atomics::{self, CasError, HostCas};
use super::bindings::wasi::keyvalue::batch;
use super::bindings::wasi::keyvalue::store::{self as interface, Error, HostBucket, KeyResponse};
pub(super) use store::Store;
use store::{StoreError, Version};

mod store;

/// The stores a component may open, by name.
pub(super) type Stores = BTreeMap<String, Arc<Store>>;

/// The interfaces, and what they need of a store of wasmtime's.
pub(super) struct KeyValue;

impl HasData for KeyValue {
    type Data<'a> = KeyValueView<'a>;
}

pub(super) struct KeyValueView<'a> {
    pub(super) stores: &'a Stores,
    pub(super) table: &'a mut ResourceTable,
}

/// A store that a component opened.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the bindings export it again")]
pub struct GuestBucket(Arc<Store>);

/// A compare-and-swap that a component began.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the bindings export it again")]
pub struct GuestCas {
    store: Arc<Store>,
    key: String,
    /// Of the value that was there when the component looked last.
    seen: Version,
}

type Bucket = Resource<GuestBucket>;
type Cas = Resource<GuestCas>;

impl KeyValueView<'_> {
    fn store(&self, bucket: &Bucket) -> Result<Arc<Store>, Error> {
        Ok(Arc::clone(&self.table.get(bucket)?.0))
    }

    /// A compare-and-swap that has seen what is there now.
    async fn compare(&mut self, store: Arc<Store>, key: String) -> Result<Cas, Error> {
        let seen = store.version(&key).await?;
        Ok(self.table.push(GuestCas { store, key, seen })?)
    }
}

impl interface::Host for KeyValueView<'_> {
    async fn open(&mut self, identifier: String) -> Result<Bucket, Error> {
        // Whether a store exists that this component may not open is not its business.
        let store = self.stores.get(&identifier).ok_or(Error::AccessDenied)?;
        Ok(self.table.push(GuestBucket(Arc::clone(store)))?)
    }
}

impl HostBucket for KeyValueView<'_> {
    async fn get(&mut self, bucket: Bucket, key: String) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.store(&bucket)?.get(&key).await?)
    }

    async fn set(&mut self, bucket: Bucket, key: String, value: Vec<u8>) -> Result<(), Error> {
        Ok(self.store(&bucket)?.set(&key, &value).await?)
    }

    async fn delete(&mut self, bucket: Bucket, key: String) -> Result<(), Error> {
        Ok(self.store(&bucket)?.delete_many(&[key]).await?)
    }

    async fn exists(&mut self, bucket: Bucket, key: String) -> Result<bool, Error> {
        Ok(self.store(&bucket)?.version(&key).await?.is_some())
    }

    /// The cursor is the last key that was told.
    async fn list_keys(
        &mut self,
        bucket: Bucket,
        cursor: Option<String>,
    ) -> Result<KeyResponse, Error> {
        let (keys, more) = self.store(&bucket)?.keys(cursor.as_deref()).await?;
        let cursor = keys.last().filter(|_| more).cloned();
        Ok(KeyResponse { keys, cursor })
    }

    async fn drop(&mut self, bucket: Bucket) -> wasmtime::Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }
}

impl batch::Host for KeyValueView<'_> {
    async fn get_many(
        &mut self,
        bucket: Bucket,
        keys: Vec<String>,
    ) -> Result<Vec<(String, Option<Vec<u8>>)>, Error> {
        let values = self.store(&bucket)?.get_many(&keys).await?;
        Ok(keys.into_iter().zip(values).collect())
    }

    async fn set_many(
        &mut self,
        bucket: Bucket,
        key_values: Vec<(String, Vec<u8>)>,
    ) -> Result<(), Error> {
        Ok(self.store(&bucket)?.set_many(&key_values).await?)
    }

    async fn delete_many(&mut self, bucket: Bucket, keys: Vec<String>) -> Result<(), Error> {
        Ok(self.store(&bucket)?.delete_many(&keys).await?)
    }
}

impl atomics::Host for KeyValueView<'_> {
    async fn increment(&mut self, bucket: Bucket, key: String, delta: i64) -> Result<i64, Error> {
        Ok(self.store(&bucket)?.increment(&key, delta).await?)
    }

    async fn swap(&mut self, cas: Cas, value: Vec<u8>) -> Result<(), CasError> {
        let GuestCas { store, key, seen } = self.table.delete(cas).map_err(Error::from)?;
        let swapped = store.swap(&key, seen, &value).await.map_err(Error::from)?;
        if swapped {
            return Ok(());
        }
        Err(CasError::CasFailed(self.compare(store, key).await?))
    }
}

impl HostCas for KeyValueView<'_> {
    async fn new(&mut self, bucket: Bucket, key: String) -> Result<Cas, Error> {
        let store = self.store(&bucket)?;
        self.compare(store, key).await
    }

    async fn current(&mut self, cas: Cas) -> Result<Option<Vec<u8>>, Error> {
        let GuestCas { store, key, .. } = self.table.get(&cas)?.clone();
        let (seen, value) = store.current(&key).await?.unzip();
        self.table.get_mut(&cas)?.seen = seen;
        Ok(value)
    }

    async fn drop(&mut self, cas: Cas) -> wasmtime::Result<()> {
        self.table.delete(cas)?;
        Ok(())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<ResourceTableError> for Error {
    fn from(error: ResourceTableError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<Error> for CasError {
    fn from(error: Error) -> Self {
        Self::StoreError(error)
    }
}

#[cfg(test)]
mod tests;
