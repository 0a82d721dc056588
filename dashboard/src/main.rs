//! The dashboard: what was run, what the model tried, which files it left. A page that runs in the browser and talks to
//! the function's JSON API with the types of `api`, like any other client.
//!
//! - [`routes`]: a file a page; [`app`]: which page is where; [`shell`]: what is around every page
//! - [`parts`]: what pages are made of; [`text`]: what they say, pure and tested natively
//! - [`connection`]: the API's client and the token; [`fetched`]: what is asked for once; [`live`]: what changes; [`throttle`]: how
//!   often that is looked at
//! - [`theme`], [`clock`], [`keys`], [`browser`]: light and dark, the time, the keyboard, and the rest of the browser
//!
//! What a program printed, made or named is a stranger's: it is shown as text, or in a frame that runs no scripts.
#![allow(
    unreachable_pub,
    reason = "leptos' macro writes structs that are as public as they can be"
)]

mod app;
mod browser;
mod clock;
mod connection;
mod fetched;
mod keys;
mod live;
mod parts;
mod routes;
mod shell;
mod text;
mod theme;
mod throttle;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
