//! Instances that are made before they are asked for.
//!
//! A fresh instance costs little, but its first steps cost page faults: the interpreter's hot pages are
//! copied from the image as it writes to them. Those steps are the same in every run, so an instance takes
//! them while it waits, on nobody's time. It serves one program, like any other.

use std::sync::{Mutex, OnceLock, PoisonError, TryLockError};

use service::program;
use wasmtime::{Instance, Store};

use super::hot_pages::HotPages;
use super::{Guest, Sandbox, SandboxError, Workbench};
use crate::python::guest;

/// An instance that waits for its program.
pub(super) struct Ready {
    pub(super) store: Store<Guest>,
    pub(super) instance: Instance,
}

/// The instances that wait, and the empty world they wait in.
pub(super) struct Shelf {
    workbench: Workbench,
    room: usize,
    hot_pages: OnceLock<HotPages>,
    ready: Mutex<Vec<Ready>>,
    stocking: Mutex<()>,
}

impl Shelf {
    pub(super) fn new(room: usize) -> std::io::Result<Self> {
        Ok(Self {
            workbench: Workbench::new()?,
            room,
            hot_pages: OnceLock::new(),
            ready: Mutex::default(),
            stocking: Mutex::default(),
        })
    }

    fn ready(&self) -> std::sync::MutexGuard<'_, Vec<Ready>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// Makes instances until one waits for each place, unless another thread is at it. Must be called as
    /// [`Sandbox::run`] is.
    pub fn stock(&self) -> Result<(), SandboxError> {
        let _the_only_one = match self.shelf.stocking.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        while self.shelf.ready().len() < self.shelf.room {
            let ready = self.make_ready()?;
            self.shelf.ready().push(ready);
        }
        Ok(())
    }

    /// How many instances wait.
    pub fn ready(&self) -> usize {
        self.shelf.ready().len()
    }

    /// The instance that waits, or else a new one.
    pub(super) fn take_ready(&self) -> Result<Ready, SandboxError> {
        let waiting = self.shelf.ready().pop();
        waiting.map_or_else(|| self.make_ready(), Ok)
    }

    fn make_ready(&self) -> Result<Ready, SandboxError> {
        let hot_pages = match self.shelf.hot_pages.get() {
            Some(hot_pages) => hot_pages,
            None => {
                let learnt = self.learn()?;
                self.shelf.hot_pages.get_or_init(|| learnt)
            }
        };
        let (mut store, instance) = self.instantiate()?;
        hot_pages.prepare(guest::memory(&mut store, &instance)?.data_mut(&mut store));
        block_on(guest::call_turn(&mut store, &instance, program::RENEW))?;
        Ok(Ready { store, instance })
    }

    /// Runs a small program to see what it writes to.
    fn learn(&self) -> wasmtime::Result<HotPages> {
        let (mut store, instance) = self.instantiate()?;
        let turn = program::turn(&self.shelf.workbench.request("print([n for n in range(9)])"));
        block_on(guest::call_turn(&mut store, &instance, program::RENEW))?;
        block_on(guest::call_turn(&mut store, &instance, &turn))?;
        self.shelf.workbench.clear();
        let memory = guest::memory(&mut store, &instance)?.data(&store);
        Ok(HotPages::of(memory).unwrap_or_default())
    }

    fn instantiate(&self) -> wasmtime::Result<(Store<Guest>, Instance)> {
        let guest = self.shelf.workbench.guest(&self.artifacts)?;
        let mut store = Store::new(self.ticking.engine(), guest);
        store.limiter(|guest| &mut guest.memory);
        // Our own code ends; a program gets a deadline when it comes.
        store.set_epoch_deadline(u64::MAX / 2);
        let instance = block_on(self.image.instantiate_async(&mut store))?;
        Ok((store, instance))
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(future)
}
