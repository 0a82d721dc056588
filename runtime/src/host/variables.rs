//! `spin:variables@3.0.0`: a component reads its settings.

use std::sync::Arc;

use wasmtime::component::{Accessor, HasData};

use super::bindings::spin::variables::variables;
use super::settings::Settings;

/// A component's settings, as its store has them.
pub(super) struct Variables;

impl HasData for Variables {
    type Data<'a> = &'a mut Arc<Settings>;
}

impl variables::Host for &mut Arc<Settings> {}

impl<T: Send> variables::HostWithStore<T> for Variables {
    async fn get(store: &Accessor<T, Self>, name: String) -> Result<String, variables::Error> {
        store.with(|mut access| match access.get().get(&name) {
            Some(value) => Ok(value.to_owned()),
            None => Err(variables::Error::Undefined(name)),
        })
    }
}
