-- The ground: see src/db/schema.rs. Same names as in migrations/postgres, this engine's own types.
CREATE TABLE procedures (
  id TEXT NOT NULL,
  current_version TEXT,
  defects TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE versions (
  id TEXT NOT NULL,
  procedure_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  digest TEXT NOT NULL,
  sources TEXT NOT NULL,
  published_at TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (procedure_id, number),
  UNIQUE (procedure_id, digest)
);

CREATE TABLE drafts (
  id TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  procedure_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  language TEXT NOT NULL,
  answers TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  request_id TEXT,
  revision INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (code_hash),
  FOREIGN KEY (version_id) REFERENCES versions (id)
);
CREATE INDEX drafts_expiry ON drafts (expires_at) WHERE request_id IS NULL;

CREATE TABLE requests (
  id TEXT NOT NULL,
  reference TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  procedure_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  authority TEXT NOT NULL,
  service TEXT NOT NULL,
  secrecy TEXT NOT NULL,
  language TEXT NOT NULL,
  status TEXT NOT NULL,
  status_at TEXT NOT NULL,
  assignee TEXT,
  applicant TEXT NOT NULL,
  applicant_key TEXT NOT NULL,
  email TEXT,
  phone TEXT,
  answers TEXT NOT NULL,
  facts TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  due_on DATE NOT NULL,
  paused_since DATE,
  pauses TEXT NOT NULL,
  closed_at TEXT,
  outcome TEXT,
  event_count INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  sealed_count INTEGER NOT NULL,
  answered_at TEXT,
  revision INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (reference),
  UNIQUE (code_hash),
  FOREIGN KEY (version_id) REFERENCES versions (id)
);
-- The open requests of a service, the most pressing first. What the filters read stands in the index
-- too, so that a filter nothing fits is answered without opening the rows.
CREATE INDEX requests_queue ON requests (service, due_on, id, status, procedure_id, assignee, paused_since) WHERE closed_at IS NULL;
CREATE INDEX requests_status ON requests (service, status, due_on, id, procedure_id, assignee, paused_since) WHERE closed_at IS NULL;
CREATE INDEX requests_procedure ON requests (service, procedure_id, due_on, id, status, assignee, paused_since) WHERE closed_at IS NULL;
CREATE INDEX requests_assignee ON requests (assignee, due_on, id, service, status, procedure_id, paused_since) WHERE closed_at IS NULL AND assignee IS NOT NULL;
CREATE INDEX requests_answered ON requests (service, answered_at, id) WHERE closed_at IS NULL AND answered_at IS NOT NULL;
CREATE INDEX requests_closed ON requests (service, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX requests_applicant ON requests (service, applicant_key, id);
CREATE INDEX requests_unsealed ON requests (id) WHERE event_count > sealed_count;

CREATE TABLE attachments (
  id TEXT NOT NULL,
  draft_id TEXT,
  request_id TEXT,
  field TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (id),
  CHECK (draft_id IS NOT NULL OR request_id IS NOT NULL)
);
CREATE INDEX attachments_draft ON attachments (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX attachments_request ON attachments (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX attachments_blob ON attachments (sha256);

CREATE TABLE events (
  id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  public BOOLEAN NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (request_id, seq),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);

CREATE TABLE seals (
  seq BIGINT NOT NULL,
  at TEXT NOT NULL,
  heads INTEGER NOT NULL,
  digest TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (seq)
);

CREATE TABLE seal_heads (
  seal_seq BIGINT NOT NULL,
  request_id TEXT NOT NULL,
  event_seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (seal_seq, request_id),
  FOREIGN KEY (seal_seq) REFERENCES seals (seq)
);
CREATE INDEX seal_heads_request ON seal_heads (request_id);

CREATE TABLE messages (
  id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  at TEXT NOT NULL,
  author TEXT NOT NULL,
  agent_id TEXT,
  agent_name TEXT,
  body TEXT NOT NULL,
  inside BOOLEAN NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);
CREATE INDEX messages_request ON messages (request_id, at);

CREATE TABLE documents (
  id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  template TEXT NOT NULL,
  title TEXT NOT NULL,
  code TEXT NOT NULL,
  data TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  issued_by TEXT,
  sha256 TEXT,
  size BIGINT,
  revoked_at TEXT,
  revoked_reason TEXT,
  PRIMARY KEY (id),
  UNIQUE (code),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);
CREATE INDEX documents_request ON documents (request_id);

CREATE TABLE timers (
  id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  timer TEXT NOT NULL,
  status TEXT NOT NULL,
  since TEXT NOT NULL,
  due_at TEXT NOT NULL,
  done_at TEXT,
  PRIMARY KEY (id),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);
CREATE INDEX timers_due ON timers (due_at) WHERE done_at IS NULL;
CREATE INDEX timers_request ON timers (request_id) WHERE done_at IS NULL;

CREATE TABLE jobs (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  dedupe TEXT,
  authority TEXT,
  secrecy TEXT NOT NULL,
  run_at TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  claimed_at TEXT,
  last_error TEXT,
  done_at TEXT,
  dead_at TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (dedupe)
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE agents (
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  totp_secret TEXT,
  totp_step BIGINT NOT NULL,
  failed_count INTEGER NOT NULL,
  locked_until TEXT,
  disabled_at TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (email)
);

CREATE TABLE memberships (
  agent_id TEXT NOT NULL,
  service TEXT NOT NULL,
  role TEXT NOT NULL,
  granted_by TEXT NOT NULL,
  granted_at TEXT NOT NULL,
  PRIMARY KEY (agent_id, service),
  FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX memberships_service ON memberships (service);

CREATE TABLE administrations (
  agent_id TEXT NOT NULL,
  authority TEXT NOT NULL,
  granted_by TEXT NOT NULL,
  granted_at TEXT NOT NULL,
  PRIMARY KEY (agent_id, authority),
  FOREIGN KEY (agent_id) REFERENCES agents (id)
);

CREATE TABLE sessions (
  token_hash TEXT NOT NULL,
  id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  label TEXT NOT NULL,
  second_factor BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (token_hash),
  UNIQUE (id),
  FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX sessions_agent ON sessions (agent_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE limits (
  key TEXT NOT NULL,
  window_start TEXT NOT NULL,
  hits INTEGER NOT NULL,
  PRIMARY KEY (key)
);
CREATE INDEX limits_window ON limits (window_start);
