//! A small host for Spin applications.
//!
//! It runs the components of a spin.toml with the real interfaces (WASI 0.2 and 0.3, `wasi:keyvalue`,
//! `spin:sqlite`, `spin:variables`) and refuses, by name, whatever else an application uses.
//! Components are served by `wasmtime_wasi_http::handler`, as in wasmtime's own `serve` command.
//!
//! - `manifest`, `settings`, `template`, `routes`, `outbound`, `reach`: what spin.toml says; no I/O
//! - `plan`, `build`: from spin.toml to components that can be called
//! - `component`, `instance`, `worker`, `memory`: from a file to an instance, and its life
//! - `places`, `threads`: how many instances of WASI 0.2 there are at once, and where they run
//! - `sqlite`, `key_value`, `variables`, `outbound_http`, `http_client`, `logs`: the interfaces, one file each
//! - `network`, `server`: how requests come in and go from one part to another; `watching`: those without an end
//!
//! There is no trigger but HTTP, no `spin:key-value`, no TLS on the way in and no HTTP/2.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use api::error::{ErrorBody, ErrorCode};
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Uri};

pub use error::{HostError, Problem};

use build::{Loaded, Loader};
use network::Network;
use plan::{Parts, Plan};
use routes::Routes;
use threads::Threads;
use worker::Load;

mod bindings;
mod body;
mod build;
mod component;
mod error;
mod http_client;
mod instance;
mod key_value;
mod logs;
mod manifest;
mod memory;
mod network;
mod outbound;
mod outbound_http;
mod places;
mod plan;
mod reach;
mod routes;
mod server;
mod settings;
mod sqlite;
mod template;
mod threads;
mod variables;
mod watching;
mod worker;

/// A running application. Clones are the same application.
#[derive(Clone)]
pub struct Host(Arc<Application>);

struct Application {
    routes: Routes<String>,
    network: Arc<Network>,
    load: Arc<Load>,
    _threads: Option<Threads>,
}

impl Drop for Application {
    fn drop(&mut self) {
        self.load.close();
    }
}

impl Host {
    /// Begins with the path of a spin.toml.
    pub fn builder(manifest: impl Into<PathBuf>) -> HostBuilder {
        HostBuilder {
            manifest: manifest.into(),
            data: PathBuf::from("data"),
            variables: Vec::new(),
            services: HashMap::new(),
            parts: Parts::default(),
        }
    }

    /// Breaks off what components of WASI 0.2 still do, and will be asked to do: whoever waits for it hears
    /// that at once. For the end of a server, before it stops waiting for its requests.
    pub fn break_off(&self) {
        self.0.load.break_off();
    }

    /// Answers one request, as if it had come over HTTP.
    pub async fn handle(&self, mut request: Request<Body>) -> Response {
        let component = self
            .0
            .routes
            .find(request.uri().path())
            .and_then(|name| self.0.network.components.get(name));
        let Some(component) = component else {
            let error = format!("no route for `{}`", request.uri().path());
            return network::refuse(ErrorBody::new(ErrorCode::NotFound, error));
        };
        *request.uri_mut() = absolute(&request);
        network::handle(component, request).await
    }
}

/// The address that a request was sent to, which HTTP/1 splits in two.
fn absolute(request: &Request<Body>) -> Uri {
    let mut parts = request.uri().clone().into_parts();
    parts.scheme.get_or_insert(Scheme::HTTP);
    let host = request.headers().get(http::header::HOST);
    let named = host.and_then(|host| Authority::try_from(host.as_bytes()).ok());
    parts
        .authority
        .get_or_insert_with(|| named.unwrap_or_else(|| Authority::from_static("localhost")));
    parts
        .path_and_query
        .get_or_insert_with(|| PathAndQuery::from_static("/"));
    Uri::from_parts(parts).unwrap_or_else(|_| request.uri().clone())
}

/// What a [`Host`] is made from.
pub struct HostBuilder {
    manifest: PathBuf,
    data: PathBuf,
    variables: Vec<(String, String)>,
    services: HashMap<String, Router>,
    parts: Parts,
}

impl HostBuilder {
    /// The folder of databases and logs; made if need be. `data` unless it is set.
    pub fn data_dir(mut self, data: impl AsRef<Path>) -> Self {
        self.data = data.as_ref().to_owned();
        self
    }

    /// Settings that go before the environment's; of two for one variable the later counts.
    pub fn variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Has `service` answer what components send to `http://<authority>`, unless the application
    /// has a component of that name.
    pub fn internal(mut self, authority: impl Into<String>, service: Router) -> Self {
        self.services.insert(authority.into(), service);
        self
    }

    /// Leaves a component out, if the application has it: neither its file nor its folders need exist. What
    /// is sent to it an [`internal`](Self::internal) service of its name answers.
    pub fn without(mut self, component: impl Into<String>) -> Self {
        self.parts.left_out.insert(component.into());
        self
    }

    /// Fails, with a hint at what to do, unless the application has this component.
    pub fn require(mut self, component: impl Into<String>, hint: impl Into<String>) -> Self {
        self.parts.required.insert(component.into(), hint.into());
        self
    }

    /// Looks at all that can be looked at without loading anything, so that an operator need not
    /// wait to hear of a mistake.
    pub fn check(&self) -> Result<(), HostError> {
        Plan::read(&self.manifest, &self.variables, &self.parts).map(drop)
    }

    /// Reads the manifest and loads everything. The first time, components are compiled, which
    /// takes seconds.
    pub async fn build(self) -> Result<Host, HostError> {
        let Plan {
            routes,
            components,
            strays,
        } = Plan::read(&self.manifest, &self.variables, &self.parts)?;
        for name in strays {
            tracing::warn!("`{name}` is set, but spin.toml declares no such variable");
        }
        let load = Arc::new(Load::default());
        let slot = Arc::new(OnceLock::new());
        let loader = Loader {
            data: self.data,
            slot: Arc::clone(&slot),
            load: Arc::clone(&load),
        };
        let loaded = tokio::task::spawn_blocking(move || loader.load(components))
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        let Loaded {
            components,
            threads,
        } = loaded;
        let network = Arc::new(Network {
            components,
            services: self.services,
        });
        _ = slot.set(Arc::downgrade(&network));
        Ok(Host(Arc::new(Application {
            routes: Routes::new(routes),
            network,
            load,
            _threads: threads,
        })))
    }
}
