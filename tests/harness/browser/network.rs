//! The network between the browser and everything else: slow, or not there.

use std::time::Duration;

use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Cuts the network off, or lets it be as it was. The console then has errors.
    #[track_caller]
    pub(crate) fn offline(&self, offline: bool) -> &Self {
        self.conditions(offline, Duration::ZERO);
        self.expect_console_error("ERR_INTERNET_DISCONNECTED");
        self.expect_console_error("Failed to fetch");
        self
    }

    /// Lets every answer take so long.
    #[track_caller]
    pub(crate) fn slow(&self, latency: Duration) -> &Self {
        self.conditions(false, latency)
    }

    /// Lets nothing through to these addresses any more, and everything to all others: `["*/api/config*"]`.
    #[track_caller]
    pub(crate) fn cut_off(&self, urls: &[&str]) -> &Self {
        self.network("Network.setBlockedURLs", &json!({ "urls": urls }))
    }

    #[track_caller]
    fn conditions(&self, offline: bool, latency: Duration) -> &Self {
        let conditions = json!({
            "offline": offline,
            "latency": latency.as_millis() as u64,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        });
        self.network("Network.emulateNetworkConditions", &conditions)
    }

    #[track_caller]
    fn network(&self, command: &str, parameters: &Value) -> &Self {
        self.chromium("Network.enable", &json!({}));
        self.chromium(command, parameters);
        self
    }
}
