//! How many tool calls a token may make, in a minute and at once. Nothing is asked or written where there is no limit.

use api::ExecutionId;
use api::error::ErrorCode;
use http::header;

use crate::error::Refusal;
use crate::history::{History, note};
use crate::settings::Settings;

/// Counts a call that is about to begin, or refuses it where there were too many in the last minute.
pub async fn count(
    settings: &Settings,
    history: &History,
    execution_id: &ExecutionId,
    now: i64,
) -> Result<(), Refusal> {
    let Some(most) = settings.max_calls_per_minute else {
        return Ok(());
    };
    if history.count_call(execution_id, now, most).await? {
        return Ok(());
    }
    let wait_ms = history.ms_until_fewer(now, most).await?;
    let limit = format!("{most} in a minute (api_max_calls_per_minute)");
    Err(too_many(&limit, wait_ms))
}

/// Refuses a call that was counted and has not begun, where that is because too many are under way.
pub async fn check_room(
    settings: &Settings,
    history: &History,
    execution_id: &ExecutionId,
    now: i64,
) -> Result<(), Refusal> {
    match settings.max_concurrent_calls {
        Some(most) if !history.has_room(now, most).await? => {
            if settings.max_calls_per_minute.is_some() {
                note(history.forget_call(execution_id, now).await);
            }
            let limit = format!("{most} at once (api_max_concurrent)");
            Err(too_many(&limit, 0))
        }
        _ => Ok(()),
    }
}

fn too_many(limit: &str, wait_ms: i64) -> Refusal {
    let seconds = u64::try_from(wait_ms).unwrap_or(0).div_ceil(1000).max(1);
    Refusal::new(
        ErrorCode::Busy,
        format!("too many calls with this token: the limit is {limit}"),
    )
    .hint("try again after the seconds in `Retry-After`")
    .header(header::RETRY_AFTER, &seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_refused_is_told_when_to_come_again() {
        let after = |wait_ms| too_many("1", wait_ms).retry_after();
        for (wait_ms, seconds) in [
            (0, "1"),
            (-5, "1"),
            (1000, "1"),
            (1001, "2"),
            (60_000, "60"),
        ] {
            assert_eq!(after(wait_ms).as_deref(), Some(seconds), "{wait_ms}");
        }
    }
}
