-- Names that clients of E2B's gave to places to run code in.
CREATE TABLE IF NOT EXISTS contexts (
    context_id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS contexts_of_session ON contexts (session_id, context_id);

CREATE TRIGGER IF NOT EXISTS contexts_are_deleted AFTER DELETE ON sessions BEGIN
    DELETE FROM contexts WHERE session_id = OLD.session_id;
END;
