-- What a request is found by: every word of the applicant's name, the e-mail address after '@' and the
-- telephone number as it is dialled from abroad. The service stands here so that one index answers
-- within the agent's services; the name, so that the other words that were typed are judged in it.
CREATE TABLE search_keys (
  request_id TEXT NOT NULL,
  word TEXT NOT NULL,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (request_id, word),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);

INSERT OR IGNORE INTO search_keys (request_id, word, service, name)
WITH RECURSIVE words (id, service, name, word, rest) AS (
  SELECT id, service, applicant_key, '', applicant_key || ' ' FROM requests
  UNION ALL
  SELECT id, service, name, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
  FROM words WHERE rest <> ''
)
SELECT id, word, service, name FROM words WHERE word <> '';
INSERT OR IGNORE INTO search_keys (request_id, word, service, name)
SELECT id, '@' || lower(email), service, applicant_key FROM requests WHERE email IS NOT NULL;
INSERT OR IGNORE INTO search_keys (request_id, word, service, name)
SELECT id, phone, service, applicant_key FROM requests WHERE phone LIKE '+%';

CREATE INDEX search_keys_word ON search_keys (service, word, name, request_id);
DROP INDEX requests_applicant;
ALTER TABLE requests DROP COLUMN applicant_key;
