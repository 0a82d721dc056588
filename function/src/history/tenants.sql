-- Whose a session is stands before the `~` in its id, and in an index it is a column like any other. Everything that is
-- listed is listed of one tenant, so these take the place of what they are beside.
CREATE INDEX IF NOT EXISTS sessions_of_owner ON sessions (substr(session_id, 1, instr(session_id, '~')), latest);

DROP INDEX IF EXISTS sessions_newest;

CREATE INDEX IF NOT EXISTS executions_of_owner ON executions (substr(session_id, 1, instr(session_id, '~')), execution_id);

CREATE INDEX IF NOT EXISTS changes_of_owner ON changes (substr(session_id, 1, instr(session_id, '~')), change);
