//! The settings as they are shown: all of them, and of a secret only whether there is one.

use api::config::Setting;

use super::table::TABLE;
use super::{Settings, seconds};

impl Settings {
    /// What `/api/config` shows: every setting, and of a secret only whether there is one.
    pub fn shown(&self) -> Vec<Setting> {
        TABLE
            .iter()
            .map(|declared| Setting {
                name: declared.name.to_owned(),
                value: self.value(declared.name),
                meaning: declared.meaning.to_owned(),
                secret: declared.secret,
            })
            .collect()
    }

    fn value(&self, name: &str) -> String {
        match name {
            "python_executor_mode" => self.mode.as_str().to_owned(),
            "python_executor_timeout" => seconds(self.timeout_ms),
            "python_executor_max_timeout" => seconds(self.max_timeout_ms),
            "python_executor_max_output_size" => self.max_output_bytes.to_string(),
            "python_executor_memory" => self.memory_bytes.to_string(),
            "python_workspace_max_bytes" => self.workspace_max_bytes.to_string(),
            "python_workspace_max_files" => self.workspace_max_files.to_string(),
            "python_url" => self.python_url.clone(),
            "python_coder_max_retries" => self.max_retries.to_string(),
            "python_coder_openinterpreter_offline" => self.offline.to_string(),
            "python_coder_openinterpreter_auto_run" => self.auto_run.to_string(),
            "python_coder_openinterpreter_safe_mode" => self.safe_mode.to_string(),
            "python_coder_retry_strategy" => self.retry_strategy.as_str().to_owned(),
            "python_coder_max_tokens" => self.max_tokens.to_string(),
            "python_coder_model" => self.model.clone(),
            "llm_url" => self.llm_url.clone(),
            "llm_api_key" => self.llm_api_key.shown().to_owned(),
            "api_token" => self.tokens.unnamed.shown().to_owned(),
            "api_tokens" => self.tokens.shown().to_owned(),
            "cors_origins" => self.cors_origins.join(" "),
            "api_max_concurrent" => self.max_concurrent_calls.unwrap_or(0).to_string(),
            "api_max_calls_per_minute" => self.max_calls_per_minute.unwrap_or(0).to_string(),
            "otel_exporter_otlp_endpoint" => self.collector_url.clone().unwrap_or_default(),
            "otel_exporter_otlp_headers" => self.collector_headers.shown().to_owned(),
            "otel_service_name" => self.service_name.clone(),
            _ => String::new(),
        }
    }
}
