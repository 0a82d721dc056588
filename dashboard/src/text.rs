//! Texts and figures, pure: what is shown is made here and tested natively.

pub(crate) mod asked;
pub(crate) mod curl;
pub(crate) mod diff;
pub(crate) mod editing;
pub(crate) mod ending;
pub(crate) mod frame;
pub(crate) mod lines;
pub(crate) mod live_run;
pub(crate) mod numbers;
pub(crate) mod pages;
pub(crate) mod preview;
pub(crate) mod python;
pub(crate) mod query;
pub(crate) mod time;
pub(crate) mod window;
