//! `spin:sqlite@3.1.0`: a component's databases, each a file in `sqlite/` of the data folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::{Accessor, FutureReader, HasData, Resource, ResourceTable, StreamReader};

use super::bindings::spin::sqlite::sqlite::{
    Error, Host, HostConnection, HostConnectionWithStore, QueryResult, RowResult, Value,
};
pub(super) use database::Database;

mod connection;
mod database;

#[expect(unreachable_pub, reason = "the bindings export it again")]
pub use connection::GuestConnection;

/// The databases a component may open, by name.
pub(super) type Databases = BTreeMap<String, Arc<Database>>;

/// The interface, and what it needs of a store.
pub(super) struct Sqlite;

impl HasData for Sqlite {
    type Data<'a> = SqliteView<'a>;
}

pub(super) struct SqliteView<'a> {
    pub(super) databases: &'a Databases,
    pub(super) table: &'a mut ResourceTable,
}

type Handle = Resource<GuestConnection>;

impl SqliteView<'_> {
    fn open(&mut self, name: &str) -> Result<Handle, Error> {
        // Whether a database exists that this component may not open is not its business.
        let database = self.databases.get(name).ok_or(Error::AccessDenied)?;
        let connection = GuestConnection::open(database)?;
        self.table
            .push(connection)
            .map_err(|error| Error::Io(error.to_string()))
    }

    fn connection(&self, handle: &Handle) -> Result<GuestConnection, Error> {
        self.table
            .get(handle)
            .cloned()
            .map_err(|_| Error::InvalidConnection)
    }
}

impl Host for SqliteView<'_> {}

impl HostConnection for SqliteView<'_> {
    async fn open(&mut self, database: String) -> Result<Handle, Error> {
        SqliteView::open(self, &database)
    }

    async fn execute(
        &mut self,
        handle: Handle,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<QueryResult, Error> {
        self.connection(&handle)?
            .execute(statement, parameters)
            .await
    }

    async fn last_insert_rowid(&mut self, handle: Handle) -> i64 {
        self.connection(&handle)
            .map_or(0, |connection| connection.last_insert_rowid())
    }

    async fn changes(&mut self, handle: Handle) -> u64 {
        self.connection(&handle)
            .map_or(0, |connection| connection.changes())
    }

    async fn drop(&mut self, handle: Handle) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl<T: Send> HostConnectionWithStore<T> for Sqlite {
    async fn open_async(store: &Accessor<T, Self>, database: String) -> Result<Handle, Error> {
        store.with(|mut access| access.get().open(&database))
    }

    /// The rows are all read when this answers, so the future that tells of an error after the
    /// first row never has one to tell.
    async fn execute_async(
        store: &Accessor<T, Self>,
        handle: Handle,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<
        (
            Vec<String>,
            StreamReader<RowResult>,
            FutureReader<Result<(), Error>>,
        ),
        Error,
    > {
        let connection = store.with(|mut access| access.get().connection(&handle))?;
        let QueryResult { columns, rows } = connection.execute(statement, parameters).await?;
        store
            .with(|mut access| {
                let rows = StreamReader::new(&mut access, rows)?;
                let end = FutureReader::new(&mut access, async { wasmtime::error::Ok(Ok(())) })?;
                wasmtime::error::Ok((columns, rows, end))
            })
            .map_err(|error| Error::Io(error.to_string()))
    }

    async fn last_insert_rowid_async(store: &Accessor<T, Self>, handle: Handle) -> i64 {
        store
            .with(|mut access| access.get().connection(&handle))
            .map_or(0, |connection| connection.last_insert_rowid())
    }

    async fn changes_async(store: &Accessor<T, Self>, handle: Handle) -> u64 {
        store
            .with(|mut access| access.get().connection(&handle))
            .map_or(0, |connection| connection.changes())
    }
}
