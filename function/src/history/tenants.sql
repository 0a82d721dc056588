-- Whose a session is stands before the `~` in its id, and in an index that is a column like any other. Whatever is listed
-- is listed of one tenant, so nothing asks for the newest of everybody's any more.
CREATE INDEX IF NOT EXISTS sessions_of_owner ON sessions (substr(session_id, 1, instr(session_id, '~')), latest);

DROP INDEX IF EXISTS sessions_newest;

CREATE INDEX IF NOT EXISTS executions_of_owner ON executions (substr(session_id, 1, instr(session_id, '~')), execution_id);

-- Tool calls of the last minute, of those whose calls are counted. The executions can't be: they go with their session.
CREATE TABLE IF NOT EXISTS calls (
    owner TEXT NOT NULL,
    called_at INTEGER NOT NULL,
    execution_id TEXT NOT NULL,
    PRIMARY KEY (owner, called_at, execution_id)
) WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS calls_are_forgotten AFTER INSERT ON calls BEGIN
    DELETE FROM calls WHERE owner = NEW.owner AND called_at <= NEW.called_at - 60000;
END;
