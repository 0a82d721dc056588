-- What changed, for those who watch: they ask for what came after the last change that they saw. An execution
-- that began or stands otherwise than before; with no execution, a session that came or went without one.
-- The last change is always kept, so that no number is given twice.
CREATE TABLE IF NOT EXISTS changes (
    change INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL,
    execution_id TEXT
);

-- Whoever was away for longer than this reads everything anew.
CREATE TRIGGER IF NOT EXISTS changes_are_forgotten AFTER INSERT ON changes BEGIN
    DELETE FROM changes WHERE change <= NEW.change - 10000;
END;

CREATE TRIGGER IF NOT EXISTS change_of_execution AFTER INSERT ON executions BEGIN
    INSERT INTO changes (session_id, execution_id) VALUES (NEW.session_id, NEW.execution_id);
END;

CREATE TRIGGER IF NOT EXISTS change_of_status AFTER UPDATE OF status ON executions BEGIN
    INSERT INTO changes (session_id, execution_id) VALUES (NEW.session_id, NEW.execution_id);
END;

CREATE TRIGGER IF NOT EXISTS change_of_attempt AFTER INSERT ON attempts WHEN NEW.number > 1 BEGIN
    INSERT INTO changes (session_id, execution_id)
    SELECT session_id, execution_id FROM executions WHERE execution_id = NEW.execution_id;
END;

CREATE TRIGGER IF NOT EXISTS change_of_session AFTER INSERT ON sessions WHEN NEW.executions = 0 BEGIN
    INSERT INTO changes (session_id) VALUES (NEW.session_id);
END;

CREATE TRIGGER IF NOT EXISTS change_of_sessions AFTER DELETE ON sessions BEGIN
    INSERT INTO changes (session_id) VALUES (OLD.session_id);
END;

-- What an execution under way has told so far, as JSON arrays of events: any instance may be asked to follow it.
-- A short one never writes here. What an interrupted one told is all that is left of it, and stays; what one told
-- that waits for a person is what comes before the rest.
CREATE TABLE IF NOT EXISTS told (
    execution_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    events TEXT NOT NULL,
    PRIMARY KEY (execution_id, position)
);

CREATE TRIGGER IF NOT EXISTS told_is_recorded AFTER UPDATE OF status ON executions
WHEN NEW.status NOT IN ('running', 'interrupted', 'awaiting_approval') BEGIN
    DELETE FROM told WHERE execution_id = NEW.execution_id;
END;

CREATE TRIGGER IF NOT EXISTS told_is_deleted AFTER DELETE ON executions BEGIN
    DELETE FROM told WHERE execution_id = OLD.execution_id;
END;

-- How large a session's workspace was when it was last looked at.
CREATE TABLE IF NOT EXISTS workspaces (
    session_id TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    files INTEGER NOT NULL
);

CREATE TRIGGER IF NOT EXISTS workspace_is_deleted AFTER DELETE ON sessions BEGIN
    DELETE FROM workspaces WHERE session_id = OLD.session_id;
END;

CREATE INDEX IF NOT EXISTS executions_awaiting ON executions (execution_id) WHERE status = 'awaiting_approval';
