//! What things are called in traces: by OpenTelemetry's conventions (those of GenAI in their state of 2026, which the
//! crate of constants has given up), and where they have no name, by ours.

pub(super) const GEN_AI_CONVERSATION_ID: &str = "gen_ai.conversation.id";
pub(super) const GEN_AI_OPERATION_NAME: &str = "gen_ai.operation.name";
pub(super) const GEN_AI_PROVIDER_NAME: &str = "gen_ai.provider.name";
pub(super) const GEN_AI_REQUEST_MODEL: &str = "gen_ai.request.model";
pub(super) const GEN_AI_RESPONSE_FINISH_REASONS: &str = "gen_ai.response.finish_reasons";
pub(super) const GEN_AI_RESPONSE_MODEL: &str = "gen_ai.response.model";
pub(super) const GEN_AI_TOOL_CALL_ID: &str = "gen_ai.tool.call.id";
pub(super) const GEN_AI_TOOL_NAME: &str = "gen_ai.tool.name";
pub(super) const GEN_AI_TOOL_TYPE: &str = "gen_ai.tool.type";
pub(super) const GEN_AI_USAGE_INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
pub(super) const GEN_AI_USAGE_OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
pub(super) const HTTP_REQUEST_METHOD: &str = "http.request.method";
pub(super) const HTTP_RESPONSE_STATUS_CODE: &str = "http.response.status_code";
pub(super) const SERVER_ADDRESS: &str = "server.address";
pub(super) const SERVER_PORT: &str = "server.port";
pub(super) const URL_TEMPLATE: &str = "url.template";
pub(super) const ERROR_TYPE: &str = "error.type";
pub(super) const SERVICE_VERSION: &str = "service.version";
/// The `error.type` where nothing more is known.
pub(super) const OTHER: &str = "_OTHER";

/// Which attempt of an execution a span belongs to.
pub(super) const ATTEMPT: &str = "vivarium.attempt";
/// How many there were.
pub(super) const ATTEMPTS: &str = "vivarium.attempts";
/// How a call is executed.
pub(super) const MODE: &str = "vivarium.mode";
/// How a program ended.
pub(super) const OUTCOME: &str = "vivarium.outcome";
/// How an execution stands.
pub(super) const STATUS: &str = "vivarium.status";
