-- What came with the code of a tool call, where anything did: the seconds that it asked for, and its standard input.
-- Most calls have neither, and no row.
CREATE TABLE IF NOT EXISTS inputs (
    execution_id TEXT PRIMARY KEY,
    timeout REAL,
    stdin TEXT
);

CREATE TRIGGER IF NOT EXISTS inputs_are_deleted AFTER DELETE ON executions BEGIN
    DELETE FROM inputs WHERE execution_id = OLD.execution_id;
END;

-- A run that begins, together with what came with its code: one statement for what is in three tables.
CREATE VIEW IF NOT EXISTS beginnings AS SELECT * FROM runs LEFT JOIN inputs USING (execution_id);

CREATE TRIGGER IF NOT EXISTS run_begins_with_inputs INSTEAD OF INSERT ON beginnings BEGIN
    INSERT INTO runs (execution_id, session_id, mode, status, started_at, lease_until, context, code, number,
        attempt_started_at, script_name, attempt_code)
    VALUES (NEW.execution_id, NEW.session_id, NEW.mode, NEW.status, NEW.started_at, NEW.lease_until, NEW.context,
        NEW.code, NEW.number, NEW.attempt_started_at, NEW.script_name, NEW.attempt_code);
    INSERT INTO inputs (execution_id, timeout, stdin)
    SELECT NEW.execution_id, NEW.timeout, NEW.stdin WHERE NEW.timeout IS NOT NULL OR NEW.stdin IS NOT NULL;
END;
