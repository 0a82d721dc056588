-- What has ended, counted for `GET /metrics`: all tenants' together, and never less when a session is deleted. A row is
-- a bucket of a histogram: how many took so many seconds at most and more than the bucket before, which is '' where
-- nobody knows.
CREATE TABLE IF NOT EXISTS ended (
    mode TEXT NOT NULL,
    outcome TEXT NOT NULL,
    le TEXT NOT NULL,
    executions INTEGER NOT NULL,
    seconds REAL NOT NULL,
    attempts INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    PRIMARY KEY (mode, outcome, le)
) WITHOUT ROWID;

-- Once for each: what was taken for interrupted and then ends has been counted. What an attempt came to and the tokens are
-- written before the status is.
CREATE TRIGGER IF NOT EXISTS execution_is_counted AFTER UPDATE OF status ON executions
WHEN OLD.status IN ('running', 'awaiting_approval') AND NEW.status NOT IN ('running', 'awaiting_approval') BEGIN
    INSERT INTO ended (mode, outcome, le, executions, seconds, attempts, prompt_tokens, completion_tokens) VALUES (
        NEW.mode,
        CASE NEW.status
            WHEN 'succeeded' THEN 'ok'
            WHEN 'failed' THEN coalesce(nullif((SELECT outcome FROM attempts WHERE execution_id = NEW.execution_id
                ORDER BY number DESC LIMIT 1), 'ok'), 'failed')
            ELSE NEW.status
        END,
        CASE
            WHEN NEW.execution_time IS NULL THEN ''
            WHEN NEW.execution_time <= 0.005 THEN '0.005'
            WHEN NEW.execution_time <= 0.01 THEN '0.01'
            WHEN NEW.execution_time <= 0.025 THEN '0.025'
            WHEN NEW.execution_time <= 0.05 THEN '0.05'
            WHEN NEW.execution_time <= 0.1 THEN '0.1'
            WHEN NEW.execution_time <= 0.25 THEN '0.25'
            WHEN NEW.execution_time <= 0.5 THEN '0.5'
            WHEN NEW.execution_time <= 1 THEN '1'
            WHEN NEW.execution_time <= 2.5 THEN '2.5'
            WHEN NEW.execution_time <= 5 THEN '5'
            WHEN NEW.execution_time <= 10 THEN '10'
            WHEN NEW.execution_time <= 30 THEN '30'
            WHEN NEW.execution_time <= 60 THEN '60'
            WHEN NEW.execution_time <= 120 THEN '120'
            WHEN NEW.execution_time <= 300 THEN '300'
            ELSE '+Inf'
        END,
        1,
        coalesce(NEW.execution_time, 0),
        (SELECT count(*) FROM attempts WHERE execution_id = NEW.execution_id
            AND (NEW.status <> 'refused' OR outcome IS NOT NULL)),
        coalesce((SELECT tokens ->> 'prompt' FROM loops WHERE execution_id = NEW.execution_id), 0),
        coalesce((SELECT tokens ->> 'completion' FROM loops WHERE execution_id = NEW.execution_id), 0)
    ) ON CONFLICT (mode, outcome, le) DO UPDATE SET
        executions = executions + 1,
        seconds = seconds + excluded.seconds,
        attempts = attempts + excluded.attempts,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens;
END;
