//! What pages are made of.

pub(crate) mod ago;
pub(crate) mod announce;
pub(crate) mod awaiting;
pub(crate) mod changed;
pub(crate) mod code;
pub(crate) mod confirm;
pub(crate) mod copy;
pub(crate) mod diff;
pub(crate) mod editor;
pub(crate) mod elapsed;
pub(crate) mod filters;
pub(crate) mod fold;
pub(crate) mod frame;
pub(crate) mod icon;
pub(crate) mod listed;
pub(crate) mod live_run;
pub(crate) mod long;
pub(crate) mod markdown;
pub(crate) mod output;
pub(crate) mod pages;
pub(crate) mod results;
pub(crate) mod search;
pub(crate) mod status;
pub(crate) mod ticks;
pub(crate) mod windowed;
