//! The dashboard in a real browser: what a person sees and does.

mod browser;
mod files;
mod hostile;
mod session;
mod sessions;
mod shell;
mod smoke;
