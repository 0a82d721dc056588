-- Requests that a client of the Model Context Protocol no longer waits for. Any instance may hear of it, and the one
-- that works on the request looks here.
CREATE TABLE IF NOT EXISTS called_off (
    session_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (session_id, request_id)
) WITHOUT ROWID;

-- No call takes longer than a day.
CREATE TRIGGER IF NOT EXISTS called_off_are_forgotten AFTER INSERT ON called_off BEGIN
    DELETE FROM called_off WHERE at < NEW.at - 86400000;
END;
