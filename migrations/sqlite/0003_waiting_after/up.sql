-- The open requests of a service in two halves: those whose deadline runs, the most pressing first, and
-- those that wait for the citizen, which come after. One index for both would put the waiting ones, whose
-- day stands still, before everything.
DROP INDEX requests_queue;
CREATE INDEX requests_running ON requests (service, due_on, id, status, procedure_id, assignee) WHERE closed_at IS NULL AND paused_since IS NULL;
CREATE INDEX requests_paused ON requests (service, due_on, id, status, procedure_id, assignee) WHERE closed_at IS NULL AND paused_since IS NOT NULL;
