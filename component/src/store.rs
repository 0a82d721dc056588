//! A key-value store, as far as workspaces need one.

/// The store failed, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key-value store failed in {doing}: {reason}")]
pub struct StoreError {
    /// What was being done.
    pub doing: &'static str,
    /// What the store says.
    pub reason: String,
}

/// How a compare-and-swap went.
#[derive(Debug)]
pub enum Swapped<T> {
    /// The value is the new one.
    Done,
    /// Another was there by then: look again.
    Changed(T),
}

/// A store of bytes under names.
pub trait Store {
    /// A value that was looked at, and may be swapped if it is still there.
    type Seen;

    /// Values in the order of their keys; none where there is no such key.
    fn get(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError>;
    /// Writes all of them, in any order.
    fn set(&self, values: Vec<(String, Vec<u8>)>) -> Result<(), StoreError>;
    /// Deletes those that are there.
    fn delete(&self, keys: Vec<String>) -> Result<(), StoreError>;
    /// Adds one to a counter, and gives its new value.
    fn count(&self, key: &str) -> Result<i64, StoreError>;
    /// Looks at a value.
    fn look(&self, key: &str) -> Result<(Self::Seen, Option<Vec<u8>>), StoreError>;
    /// Looks again at what a failed swap gave back.
    fn look_again(&self, seen: &Self::Seen) -> Result<Option<Vec<u8>>, StoreError>;
    /// Puts another value in the place of the one that was seen. Where none was seen, some stores put it there
    /// whatever came meanwhile.
    fn swap(&self, seen: Self::Seen, value: &[u8]) -> Result<Swapped<Self::Seen>, StoreError>;
}

#[cfg(test)]
pub(crate) mod memory {
    //! A store that is gone with the test.

    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use super::{Store, StoreError, Swapped};

    #[derive(Default)]
    pub(crate) struct Memory {
        pub(crate) values: RefCell<BTreeMap<String, Vec<u8>>>,
    }

    impl Store for Memory {
        type Seen = (String, Option<Vec<u8>>);

        fn get(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
            let values = self.values.borrow();
            Ok(keys.iter().map(|key| values.get(key).cloned()).collect())
        }

        fn set(&self, values: Vec<(String, Vec<u8>)>) -> Result<(), StoreError> {
            self.values.borrow_mut().extend(values);
            Ok(())
        }

        fn delete(&self, keys: Vec<String>) -> Result<(), StoreError> {
            for key in keys {
                self.values.borrow_mut().remove(&key);
            }
            Ok(())
        }

        fn count(&self, key: &str) -> Result<i64, StoreError> {
            let mut values = self.values.borrow_mut();
            let value = values.entry(key.to_owned()).or_insert_with(|| vec![0]);
            value[0] += 1;
            Ok(value[0].into())
        }

        fn look(&self, key: &str) -> Result<(Self::Seen, Option<Vec<u8>>), StoreError> {
            let value = self.values.borrow().get(key).cloned();
            Ok(((key.to_owned(), value.clone()), value))
        }

        fn look_again(&self, seen: &Self::Seen) -> Result<Option<Vec<u8>>, StoreError> {
            Ok(seen.1.clone())
        }

        fn swap(&self, seen: Self::Seen, value: &[u8]) -> Result<Swapped<Self::Seen>, StoreError> {
            let (key, old) = seen;
            let now = self.values.borrow().get(&key).cloned();
            // As Spin's own store: what was not there is written over.
            if old.is_some() && now != old {
                return Ok(Swapped::Changed((key, now)));
            }
            self.values.borrow_mut().insert(key, value.to_vec());
            Ok(Swapped::Done)
        }
    }
}
