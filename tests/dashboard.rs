//! The dashboard in a real browser: what a person sees and does.

mod browser;
mod every_page;
mod sessions;
mod shell;
mod smoke;
