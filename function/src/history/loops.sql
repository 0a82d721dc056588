-- What only openinterpreter mode has: native mode pays for none of it.
CREATE TABLE IF NOT EXISTS loops (
    execution_id TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    tokens TEXT,
    -- Where the loop stands and the code that waits, while a person is to decide.
    pending TEXT,
    proposed_code TEXT,
    -- When the loop went on after it had waited.
    resumed_at INTEGER
);

-- What was said to the model in an attempt and came back, and what ran before the attempt's last code.
CREATE TABLE IF NOT EXISTS dialogues (
    execution_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    steps TEXT,
    exchanges TEXT,
    diff TEXT,
    PRIMARY KEY (execution_id, number)
);

CREATE TRIGGER IF NOT EXISTS loop_ends AFTER DELETE ON executions BEGIN
    DELETE FROM loops WHERE execution_id = OLD.execution_id;
    DELETE FROM dialogues WHERE execution_id = OLD.execution_id;
END;
