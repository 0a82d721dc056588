-- Executions that somebody wants cancelled. Whoever works on one looks here: it may be another instance.
CREATE TABLE IF NOT EXISTS cancelling (execution_id TEXT PRIMARY KEY);

CREATE TRIGGER IF NOT EXISTS cancelling_is_deleted AFTER DELETE ON executions BEGIN
    DELETE FROM cancelling WHERE execution_id = OLD.execution_id;
END;
