-- Statements are separated by blank lines, and each does nothing when it was done before: two instances may
-- run them at the same time.
CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    executions INTEGER NOT NULL,
    latest TEXT NOT NULL
);

-- `latest` is the id of the latest execution. A session that has only files has an id that no execution has, so
-- that it still has its place among the others.
CREATE INDEX IF NOT EXISTS sessions_newest ON sessions (latest);

-- Ids are in the order of time, so a list by id is a list by time.
CREATE TABLE IF NOT EXISTS executions (
    execution_id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    finished_at INTEGER,
    execution_time REAL,
    error TEXT,
    context TEXT,
    code TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS executions_of_session ON executions (session_id, execution_id);

CREATE INDEX IF NOT EXISTS executions_running ON executions (session_id) WHERE status = 'running';

CREATE TABLE IF NOT EXISTS attempts (
    execution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    attempt_started_at INTEGER NOT NULL,
    script_name TEXT NOT NULL,
    outcome TEXT,
    returncode INTEGER,
    exception TEXT,
    limit_hit TEXT,
    truncated TEXT,
    code_execution_time REAL,
    peak_memory_bytes INTEGER,
    changed_files TEXT,
    attempt_code TEXT NOT NULL,
    stdout TEXT,
    stderr TEXT,
    results TEXT,
    PRIMARY KEY (execution_id, number)
);

-- The session follows its executions, in the statement that adds one.
CREATE TRIGGER IF NOT EXISTS execution_begins AFTER INSERT ON executions BEGIN
    INSERT INTO sessions (session_id, created_at, updated_at, executions, latest)
    VALUES (NEW.session_id, NEW.started_at, NEW.started_at, 1, NEW.execution_id)
    ON CONFLICT (session_id) DO UPDATE SET
        updated_at = max(updated_at, excluded.updated_at),
        executions = executions + 1,
        latest = max(latest, excluded.latest);
END;

-- An attempt is recorded before it starts; where it was refused it never was one.
CREATE TRIGGER IF NOT EXISTS execution_refused AFTER UPDATE OF status ON executions WHEN NEW.status = 'refused' BEGIN
    DELETE FROM attempts WHERE execution_id = NEW.execution_id AND outcome IS NULL;
END;

CREATE TRIGGER IF NOT EXISTS session_ends AFTER DELETE ON sessions BEGIN
    DELETE FROM attempts WHERE execution_id IN (SELECT execution_id FROM executions WHERE session_id = OLD.session_id);
    DELETE FROM executions WHERE session_id = OLD.session_id;
END;

-- An execution together with one attempt. A host gives no transactions that are surely ours alone, and a
-- statement through this view writes both or neither; it also halves the writes of the commonest call.
CREATE VIEW IF NOT EXISTS runs AS SELECT * FROM executions JOIN attempts USING (execution_id);

CREATE TRIGGER IF NOT EXISTS run_begins INSTEAD OF INSERT ON runs BEGIN
    INSERT INTO executions (execution_id, session_id, mode, status, started_at, lease_until, context, code)
    VALUES (NEW.execution_id, NEW.session_id, NEW.mode, NEW.status, NEW.started_at, NEW.lease_until, NEW.context, NEW.code);
    INSERT INTO attempts (execution_id, number, attempt_started_at, script_name, attempt_code)
    VALUES (NEW.execution_id, NEW.number, NEW.attempt_started_at, NEW.script_name, NEW.attempt_code);
END;

CREATE TRIGGER IF NOT EXISTS run_ends INSTEAD OF UPDATE ON runs BEGIN
    UPDATE attempts SET
        outcome = NEW.outcome, returncode = NEW.returncode, exception = NEW.exception, limit_hit = NEW.limit_hit,
        truncated = NEW.truncated, code_execution_time = NEW.code_execution_time,
        peak_memory_bytes = NEW.peak_memory_bytes, changed_files = NEW.changed_files,
        stdout = NEW.stdout, stderr = NEW.stderr, results = NEW.results
    WHERE execution_id = NEW.execution_id AND number = NEW.number;
    UPDATE executions SET
        status = NEW.status, finished_at = NEW.finished_at, execution_time = NEW.execution_time, error = NEW.error
    WHERE execution_id = NEW.execution_id;
END;
