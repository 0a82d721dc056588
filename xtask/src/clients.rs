//! The clients of others that tests use: unmodified, from their registries.

use crate::step::say;
use crate::{npm, venv};

/// Installs them. Where that can't be done the tests that need them fail, and the others run.
pub(crate) fn prepare() {
    for done in [
        venv::CLIENTS.install(),
        npm::MCP_SDK.install(),
        npm::MCP_CLIENT.install(),
    ] {
        if let Err(error) = done {
            say(&format!(
                "tests with clients of others will fail: {error:#}"
            ));
        }
    }
}
