//! The python service's own protocol: what the function, or anyone in its place, can rely on.

mod compiled;
mod events;
mod lifecycle;
mod protocol;
mod reach;
mod read_only;
mod scratch;
mod silent;
mod standalone;
