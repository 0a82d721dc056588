//! The network between the browser and everything else.

use std::time::Duration;

use serde_json::json;

use super::Browser;

impl Browser {
    /// Cuts the network off, or lets it be as it was. The console then has errors.
    #[track_caller]
    pub(crate) fn offline(&self, offline: bool) -> &Self {
        self.network(offline, Duration::ZERO);
        self.expect_console_error("ERR_INTERNET_DISCONNECTED");
        self.expect_console_error("Failed to fetch");
        self
    }

    /// Lets every answer take so long.
    #[track_caller]
    pub(crate) fn slow(&self, latency: Duration) -> &Self {
        self.network(false, latency);
        self
    }

    #[track_caller]
    fn network(&self, offline: bool, latency: Duration) {
        self.chromium("Network.enable", &json!({}));
        self.chromium(
            "Network.emulateNetworkConditions",
            &json!({
                "offline": offline,
                "latency": latency.as_millis() as u64,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            }),
        );
    }
}
