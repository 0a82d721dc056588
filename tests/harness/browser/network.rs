//! A network that is slow, or that does not let everything through.

use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// As if the network were a phone's: what comes comes late, one after another.
    pub(crate) fn slow(&self) -> &Self {
        let conditions = json!({
            "offline": false, "latency": 150, "downloadThroughput": -1, "uploadThroughput": -1
        });
        self.network("Network.emulateNetworkConditions", &conditions)
    }

    /// Lets nothing through to these addresses any more, and everything to all others: `["*/api/config*"]`.
    pub(crate) fn cut_off(&self, urls: &[&str]) -> &Self {
        self.network("Network.setBlockedURLs", &json!({ "urls": urls }))
    }

    fn network(&self, command: &str, parameters: &Value) -> &Self {
        self.chromium("Network.enable", &json!({}));
        self.chromium(command, parameters);
        self
    }
}
