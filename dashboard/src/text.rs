//! Texts and figures, pure: what is shown is made here and tested natively.

pub(crate) mod address;
pub(crate) mod asked;
pub(crate) mod chart;
pub(crate) mod conversation;
pub(crate) mod curl;
pub(crate) mod diff;
pub(crate) mod editing;
pub(crate) mod ending;
pub(crate) mod frame;
pub(crate) mod health;
pub(crate) mod lines;
pub(crate) mod live_run;
pub(crate) mod name;
pub(crate) mod numbers;
pub(crate) mod pages;
pub(crate) mod preview;
pub(crate) mod promptlog;
pub(crate) mod python;
pub(crate) mod query;
pub(crate) mod settings;
pub(crate) mod time;
pub(crate) mod timeline;
pub(crate) mod tree;
pub(crate) mod window;
