-- What the procedure judges urgent comes before the rest of what runs: three parts of a list, each with
-- an index of its own. The other indexes know it too, so that a filter is answered without the rows.
ALTER TABLE requests ADD COLUMN urgent boolean NOT NULL DEFAULT FALSE;
DROP INDEX requests_running;
DROP INDEX requests_status;
DROP INDEX requests_procedure;
DROP INDEX requests_assignee;
CREATE INDEX requests_urgent ON requests (service, due_on, id, status, procedure_id, assignee) WHERE closed_at IS NULL AND paused_since IS NULL AND urgent;
CREATE INDEX requests_running ON requests (service, due_on, id, status, procedure_id, assignee) WHERE closed_at IS NULL AND paused_since IS NULL AND NOT urgent;
CREATE INDEX requests_status ON requests (service, status, due_on, id, procedure_id, assignee, paused_since, urgent) WHERE closed_at IS NULL;
CREATE INDEX requests_procedure ON requests (service, procedure_id, due_on, id, status, assignee, paused_since, urgent) WHERE closed_at IS NULL;
CREATE INDEX requests_assignee ON requests (assignee, due_on, id, service, status, procedure_id, paused_since, urgent) WHERE closed_at IS NULL AND assignee IS NOT NULL;
-- Few are urgent, and every page looks for them first: its filters have small indexes of this part alone.
CREATE INDEX requests_urgent_status ON requests (service, status, due_on, id, procedure_id, assignee) WHERE closed_at IS NULL AND paused_since IS NULL AND urgent;
CREATE INDEX requests_urgent_procedure ON requests (service, procedure_id, due_on, id, status, assignee) WHERE closed_at IS NULL AND paused_since IS NULL AND urgent;
CREATE INDEX requests_urgent_assignee ON requests (assignee, due_on, id, service, status, procedure_id) WHERE closed_at IS NULL AND paused_since IS NULL AND urgent AND assignee IS NOT NULL;
-- The closed list is filtered by procedure and by who handled it.
DROP INDEX requests_closed;
CREATE INDEX requests_closed ON requests (service, closed_at, id, procedure_id, assignee, outcome) WHERE closed_at IS NOT NULL;
CREATE INDEX requests_closed_procedure ON requests (service, procedure_id, closed_at, id, assignee, outcome) WHERE closed_at IS NOT NULL;
CREATE INDEX requests_closed_assignee ON requests (service, assignee, closed_at, id, procedure_id, outcome) WHERE closed_at IS NOT NULL;
