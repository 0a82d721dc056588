//! The python service's own protocol: what the function, or anyone in its place, can rely on.

mod events;
mod lifecycle;
mod protocol;
mod silent;
mod standalone;
