-- Who did one kind of thing, newest first.
CREATE INDEX audit_log_action ON audit_log (action, id);
