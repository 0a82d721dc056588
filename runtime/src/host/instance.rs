//! One instance of a component: what its store holds, and how it is made.

use std::any::Any;
use std::mem;
use std::sync::Arc;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::handler::{Proxy, ProxyPre};
use wasmtime_wasi_http::p2::body::{HostOutgoingBody, StreamContext};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::bindings::spin::{sqlite::sqlite, variables::variables};
use super::bindings::wasi::keyvalue;
use super::key_value::{KeyValue, KeyValueView, Stores};
use super::logs::{Log, LogStream};
use super::manifest::Mount;
use super::memory::MemoryLimit;
use super::outbound_http::OutboundHttp;
use super::settings::Settings;
use super::sqlite::{Databases, Sqlite, SqliteView};
use super::variables::Variables;

/// What a store holds.
pub(super) struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: OutboundHttp,
    table: ResourceTable,
    settings: Arc<Settings>,
    databases: Arc<Databases>,
    stores: Arc<Stores>,
    memory: MemoryLimit,
}

impl State {
    /// Breaks off the bodies that the instance has begun and not finished: a body that is merely dropped
    /// looks to its reader as if it were whole. Says whether there was one.
    pub(super) fn break_off_bodies(&mut self) -> bool {
        let entries = self.table.iter_mut();
        let bodies = entries.filter_map(|entry| (entry as &mut dyn Any).downcast_mut());
        let mut any = false;
        for body in bodies {
            let (empty, _) = HostOutgoingBody::new(StreamContext::Response, None, 1, 1);
            mem::replace::<HostOutgoingBody>(body, empty).abort();
            any = true;
        }
        any
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut self.outbound,
        }
    }
}

/// Gives components everything this host has.
pub(super) fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    variables::add_to_linker::<_, Variables>(&mut linker, |state: &mut State| &mut state.settings)?;
    sqlite::add_to_linker::<_, Sqlite>(&mut linker, |state: &mut State| SqliteView {
        databases: &state.databases,
        table: &mut state.table,
    })?;
    keyvalue::store::add_to_linker::<_, KeyValue>(&mut linker, key_value)?;
    keyvalue::atomics::add_to_linker::<_, KeyValue>(&mut linker, key_value)?;
    keyvalue::batch::add_to_linker::<_, KeyValue>(&mut linker, key_value)?;
    Ok(linker)
}

fn key_value(state: &mut State) -> KeyValueView<'_> {
    KeyValueView {
        stores: &state.stores,
        table: &mut state.table,
    }
}

/// Everything an instance of one component is made from.
pub(super) struct Blueprint {
    pub(super) engine: Engine,
    pub(super) pre: ProxyPre<State>,
    pub(super) outbound: OutboundHttp,
    pub(super) settings: Arc<Settings>,
    pub(super) databases: Arc<Databases>,
    pub(super) stores: Arc<Stores>,
    pub(super) max_memory: usize,
    pub(super) files: Vec<Mount>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) stdout: Log,
    pub(super) stderr: Log,
}

impl Blueprint {
    /// A fresh instance in a store of its own, and a view of how much memory it uses.
    pub(super) async fn instantiate(&self) -> wasmtime::Result<(Store<State>, Proxy, MemoryLimit)> {
        let mut wasi = WasiCtxBuilder::new();
        // The files are few, small and local: a thread for each read costs more than the read.
        wasi.allow_blocking_current_thread(true)
            .envs(&self.environment);
        wasi.stdout(LogStream::new(&self.stdout))
            .stderr(LogStream::new(&self.stderr));
        for Mount {
            source,
            destination,
        } in &self.files
        {
            wasi.preopened_dir(source, destination, FsPerms::ReadOnly)?;
        }
        let memory = MemoryLimit::new(self.max_memory);
        let state = State {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            outbound: self.outbound.clone(),
            table: ResourceTable::new(),
            settings: Arc::clone(&self.settings),
            databases: Arc::clone(&self.databases),
            stores: Arc::clone(&self.stores),
            memory: memory.clone(),
        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory);
        // Computing for long, it lets others run at each tick, and can be dropped there.
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let proxy = self.pre.instantiate_async(&mut store).await?;
        Ok((store, proxy, memory))
    }
}
