DROP INDEX requests_paused;
DROP INDEX requests_running;
CREATE INDEX requests_queue ON requests (service, due_on, id, status, procedure_id, assignee, paused_since) WHERE closed_at IS NULL;
