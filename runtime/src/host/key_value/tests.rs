use tempfile::TempDir;

use super::*;
use crate::host::bindings::wasi::keyvalue::atomics::Host as _;
use crate::host::bindings::wasi::keyvalue::batch::Host as _;
use crate::host::bindings::wasi::keyvalue::store::Host as _;

/// A component that may open `default`.
struct Component {
    stores: Stores,
    table: ResourceTable,
}

impl Component {
    fn view(&mut self) -> KeyValueView<'_> {
        KeyValueView {
            stores: &self.stores,
            table: &mut self.table,
        }
    }

    async fn open(&mut self) -> Bucket {
        self.view().open("default".to_owned()).await.unwrap()
    }
}

struct Fixture(TempDir);

impl Fixture {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// As another process would: with a connection of its own.
    fn component(&self) -> Component {
        let store = Store::open(&self.0.path().join("default.db")).unwrap();
        Component {
            stores: Stores::from([("default".to_owned(), Arc::new(store))]),
            table: ResourceTable::new(),
        }
    }
}

/// The component keeps its own handle.
fn borrow<T: 'static>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_borrow(handle.rep())
}

fn key() -> String {
    "key".to_owned()
}

#[tokio::test]
async fn what_is_set_is_there_for_the_next_process() {
    let fixture = Fixture::new();
    let value = vec![7; 3 << 20];
    {
        let mut component = fixture.component();
        let bucket = component.open().await;
        let mut view = component.view();
        assert_eq!(view.get(borrow(&bucket), key()).await.unwrap(), None);
        assert!(!view.exists(borrow(&bucket), key()).await.unwrap());
        view.set(borrow(&bucket), key(), value.clone())
            .await
            .unwrap();
    }
    let mut component = fixture.component();
    let bucket = component.open().await;
    let mut view = component.view();
    assert_eq!(view.get(borrow(&bucket), key()).await.unwrap(), Some(value));
    assert!(view.exists(borrow(&bucket), key()).await.unwrap());
    view.delete(borrow(&bucket), key()).await.unwrap();
    view.delete(borrow(&bucket), key()).await.unwrap();
    assert_eq!(view.get(borrow(&bucket), key()).await.unwrap(), None);
}

#[tokio::test]
async fn another_store_is_not_opened() {
    let mut component = Fixture::new().component();
    let error = component.view().open("other".to_owned()).await.unwrap_err();
    assert!(matches!(error, Error::AccessDenied), "{error:?}");
}

#[tokio::test]
async fn a_swap_needs_the_value_that_was_seen() {
    let mut component = Fixture::new().component();
    let bucket = component.open().await;
    let mut view = component.view();

    // Nothing there: the first of two wins.
    let first = HostCas::new(&mut view, borrow(&bucket), key())
        .await
        .unwrap();
    let second = HostCas::new(&mut view, borrow(&bucket), key())
        .await
        .unwrap();
    view.swap(first, b"1".to_vec()).await.unwrap();
    let again = failed(view.swap(second, b"2".to_vec()).await);
    assert_eq!(
        view.get(borrow(&bucket), key()).await.unwrap().unwrap(),
        b"1"
    );

    // The fresh handle has seen the newest value.
    view.swap(again, b"3".to_vec()).await.unwrap();

    // `current` sees again, and what was changed after it is in the way, even to the same value.
    let cas = HostCas::new(&mut view, borrow(&bucket), key())
        .await
        .unwrap();
    view.set(borrow(&bucket), key(), b"4".to_vec())
        .await
        .unwrap();
    assert_eq!(view.current(borrow(&cas)).await.unwrap().unwrap(), b"4");
    view.set(borrow(&bucket), key(), b"5".to_vec())
        .await
        .unwrap();
    view.set(borrow(&bucket), key(), b"4".to_vec())
        .await
        .unwrap();
    let again = failed(view.swap(cas, b"6".to_vec()).await);
    assert_eq!(view.current(borrow(&again)).await.unwrap().unwrap(), b"4");

    // So is a deletion.
    view.delete(borrow(&bucket), key()).await.unwrap();
    let again = failed(view.swap(again, b"6".to_vec()).await);
    assert_eq!(view.current(borrow(&again)).await.unwrap(), None);
    view.swap(again, b"7".to_vec()).await.unwrap();
    assert_eq!(
        view.get(borrow(&bucket), key()).await.unwrap().unwrap(),
        b"7"
    );
}

fn failed(result: Result<(), CasError>) -> Cas {
    match result {
        Err(CasError::CasFailed(cas)) => cas,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn many_keys_come_in_pages() {
    let mut component = Fixture::new().component();
    let bucket = component.open().await;
    let mut view = component.view();
    for count in [1000, 1001] {
        let entries = (0..count)
            .map(|i| (format!("{i:04}"), Vec::new()))
            .collect();
        view.set_many(borrow(&bucket), entries).await.unwrap();
        let page = view.list_keys(borrow(&bucket), None).await.unwrap();
        assert_eq!(page.keys.len(), 1000);
        let cursor = (count > 1000).then(|| "0999".to_owned());
        assert_eq!(page.cursor, cursor);
    }
    let rest = view
        .list_keys(borrow(&bucket), Some("0999".to_owned()))
        .await
        .unwrap();
    assert_eq!((rest.keys, rest.cursor), (vec!["1000".to_owned()], None));
}

#[tokio::test]
async fn many_values_are_got_in_the_order_of_their_keys() {
    let mut component = Fixture::new().component();
    let bucket = component.open().await;
    let mut view = component.view();
    let entry = |key: &str| (key.to_owned(), key.as_bytes().to_vec());
    view.set_many(borrow(&bucket), vec![entry("a"), entry(""), entry("ä\0b")])
        .await
        .unwrap();
    let keys = ["ä\0b", "none", "", "a"].map(str::to_owned);
    let values = view.get_many(borrow(&bucket), keys.to_vec()).await.unwrap();
    let expected = keys.iter().map(|key| {
        (
            key.clone(),
            (key != "none").then(|| key.clone().into_bytes()),
        )
    });
    assert_eq!(values, expected.collect::<Vec<_>>());
    view.delete_many(borrow(&bucket), keys.to_vec())
        .await
        .unwrap();
    let page = view.list_keys(borrow(&bucket), None).await.unwrap();
    assert_eq!((page.keys, page.cursor), (vec![], None));
}

#[tokio::test]
async fn a_number_is_counted_up_and_down() {
    let mut component = Fixture::new().component();
    let bucket = component.open().await;
    let mut view = component.view();
    assert_eq!(view.increment(borrow(&bucket), key(), 7).await.unwrap(), 7);
    assert_eq!(
        view.increment(borrow(&bucket), key(), -9).await.unwrap(),
        -2
    );
    let bytes = view.get(borrow(&bucket), key()).await.unwrap().unwrap();
    assert_eq!(bytes, (-2i64).to_le_bytes());
    view.increment(borrow(&bucket), key(), i64::MAX)
        .await
        .unwrap();
    for (value, delta) in [(i64::MAX.to_le_bytes().to_vec(), 1), (b"text".to_vec(), 1)] {
        view.set(borrow(&bucket), key(), value.clone())
            .await
            .unwrap();
        view.increment(borrow(&bucket), key(), delta)
            .await
            .unwrap_err();
        assert_eq!(view.get(borrow(&bucket), key()).await.unwrap(), Some(value));
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_sets_nothing() {
    let mut component = Fixture::new().component();
    let bucket = component.open().await;
    let mut view = component.view();
    let long = "k".repeat((64 << 10) + 1);
    let entries = vec![(key(), vec![1]), (long, vec![])];
    view.set_many(borrow(&bucket), entries).await.unwrap_err();
    assert!(!view.exists(borrow(&bucket), key()).await.unwrap());
    view.set(borrow(&bucket), "k".repeat(64 << 10), vec![])
        .await
        .unwrap();
    let value = vec![0; (64 << 20) + 1];
    view.set(borrow(&bucket), key(), value).await.unwrap_err();
}

/// Counts with compare-and-swap, as many tasks in two processes do it.
#[tokio::test(flavor = "multi_thread")]
async fn no_swap_is_lost() {
    const TASKS: usize = 8;
    const SWAPS: usize = 50;
    let fixture = Fixture::new();
    let processes = [fixture.component().stores, fixture.component().stores];
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        let mut component = Component {
            stores: processes[task % 2].clone(),
            table: ResourceTable::new(),
        };
        tasks.spawn(async move {
            let bucket = component.open().await;
            let mut view = component.view();
            for _ in 0..SWAPS {
                let mut cas = HostCas::new(&mut view, borrow(&bucket), key())
                    .await
                    .unwrap();
                loop {
                    let value = view.current(borrow(&cas)).await.unwrap();
                    let count =
                        value.map_or(0, |value| value[0] as usize + 256 * value[1] as usize);
                    let next = vec![(count + 1) as u8, ((count + 1) / 256) as u8];
                    match view.swap(cas, next).await {
                        Ok(()) => break,
                        result => cas = failed(result),
                    }
                }
            }
        });
    }
    tasks.join_all().await;
    let mut component = fixture.component();
    let bucket = component.open().await;
    let count = component.view().get(bucket, key()).await.unwrap().unwrap();
    let expected = TASKS * SWAPS;
    assert_eq!(count, [(expected % 256) as u8, (expected / 256) as u8]);
}
