-- The ground: see src/db/schema.rs. Same names as in migrations/sqlite, this engine's own types.
CREATE TABLE procedures (
  id text NOT NULL,
  current_version uuid,
  defects jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE versions (
  id uuid NOT NULL,
  procedure_id text NOT NULL,
  number integer NOT NULL,
  digest text NOT NULL,
  sources jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (procedure_id, number),
  UNIQUE (procedure_id, digest)
);

CREATE TABLE drafts (
  id uuid NOT NULL,
  code_hash text NOT NULL,
  procedure_id text NOT NULL,
  version_id uuid NOT NULL,
  language text NOT NULL,
  answers jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  request_id uuid,
  revision integer NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (code_hash),
  FOREIGN KEY (version_id) REFERENCES versions (id)
);
CREATE INDEX drafts_expiry ON drafts (expires_at) WHERE request_id IS NULL;

-- What is searched by its beginning sorts by bytes, as on SQLite.
CREATE TABLE requests (
  id uuid NOT NULL,
  reference text COLLATE "C" NOT NULL,
  code_hash text NOT NULL,
  procedure_id text NOT NULL,
  version_id uuid NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  authority text NOT NULL,
  service text NOT NULL,
  secrecy text NOT NULL,
  language text NOT NULL,
  status text NOT NULL,
  status_at timestamptz NOT NULL,
  assignee uuid,
  applicant text NOT NULL,
  applicant_key text COLLATE "C" NOT NULL,
  email text,
  phone text,
  answers jsonb NOT NULL,
  facts jsonb NOT NULL,
  submitted_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  due_on date NOT NULL,
  paused_since date,
  pauses jsonb NOT NULL,
  closed_at timestamptz,
  outcome text,
  event_count integer NOT NULL,
  head_hash text NOT NULL,
  sealed_count integer NOT NULL,
  answered_at timestamptz,
  revision integer NOT NULL,
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
  id uuid NOT NULL,
  draft_id uuid,
  request_id uuid,
  field text NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  sha256 text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (id),
  CHECK (draft_id IS NOT NULL OR request_id IS NOT NULL)
);
CREATE INDEX attachments_draft ON attachments (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX attachments_request ON attachments (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX attachments_blob ON attachments (sha256);

CREATE TABLE events (
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  seq integer NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  actor_id uuid,
  actor_name text,
  kind text NOT NULL,
  data jsonb NOT NULL,
  public boolean NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (request_id, seq),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);

CREATE TABLE seals (
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  heads integer NOT NULL,
  digest text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (seq)
);

CREATE TABLE seal_heads (
  seal_seq bigint NOT NULL,
  request_id uuid NOT NULL,
  event_seq integer NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (seal_seq, request_id),
  FOREIGN KEY (seal_seq) REFERENCES seals (seq)
);
CREATE INDEX seal_heads_request ON seal_heads (request_id);

CREATE TABLE messages (
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  at timestamptz NOT NULL,
  author text NOT NULL,
  agent_id uuid,
  agent_name text,
  body text NOT NULL,
  inside boolean NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);
CREATE INDEX messages_request ON messages (request_id, at);

CREATE TABLE documents (
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  kind text NOT NULL,
  template text NOT NULL,
  title text NOT NULL,
  code text NOT NULL,
  data jsonb NOT NULL,
  issued_at timestamptz NOT NULL,
  issued_by text,
  sha256 text,
  size bigint,
  revoked_at timestamptz,
  revoked_reason text,
  PRIMARY KEY (id),
  UNIQUE (code),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);
CREATE INDEX documents_request ON documents (request_id);

CREATE TABLE timers (
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  timer text NOT NULL,
  status text NOT NULL,
  since timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  done_at timestamptz,
  PRIMARY KEY (id),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);
CREATE INDEX timers_due ON timers (due_at) WHERE done_at IS NULL;
CREATE INDEX timers_request ON timers (request_id) WHERE done_at IS NULL;

CREATE TABLE jobs (
  id uuid NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  dedupe text,
  authority text,
  secrecy text NOT NULL,
  run_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  claimed_at timestamptz,
  last_error text,
  done_at timestamptz,
  dead_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (dedupe)
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE agents (
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  totp_secret text,
  totp_step bigint NOT NULL,
  failed_count integer NOT NULL,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (email)
);

CREATE TABLE memberships (
  agent_id uuid NOT NULL,
  service text NOT NULL,
  role text NOT NULL,
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL,
  PRIMARY KEY (agent_id, service),
  FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX memberships_service ON memberships (service);

CREATE TABLE administrations (
  agent_id uuid NOT NULL,
  authority text NOT NULL,
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL,
  PRIMARY KEY (agent_id, authority),
  FOREIGN KEY (agent_id) REFERENCES agents (id)
);

CREATE TABLE sessions (
  token_hash text NOT NULL,
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  label text NOT NULL,
  second_factor boolean NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (token_hash),
  UNIQUE (id),
  FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX sessions_agent ON sessions (agent_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE limits (
  key text NOT NULL,
  window_start timestamptz NOT NULL,
  hits integer NOT NULL,
  PRIMARY KEY (key)
);
CREATE INDEX limits_window ON limits (window_start);
