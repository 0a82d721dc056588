//! The dashboard in a real browser: what a person sees and does.

mod browser;
mod every_page;
mod overview;
mod prompts;
mod sessions;
mod settings;
mod shell;
mod smoke;
