-- What a request is found by: every word of the applicant's name, the e-mail address after '@' and the
-- telephone number as it is dialled from abroad. The service stands here so that one index answers
-- within the agent's services; the name, so that the other words that were typed are judged in it.
CREATE TABLE search_keys (
  request_id uuid NOT NULL,
  word text COLLATE "C" NOT NULL,
  service text NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (request_id, word),
  FOREIGN KEY (request_id) REFERENCES requests (id)
);

INSERT INTO search_keys (request_id, word, service, name)
SELECT DISTINCT id, word, service, applicant_key
FROM requests, regexp_split_to_table(applicant_key, ' ') AS word WHERE word <> '';
INSERT INTO search_keys (request_id, word, service, name)
SELECT id, '@' || lower(email), service, applicant_key FROM requests WHERE email IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO search_keys (request_id, word, service, name)
SELECT id, phone, service, applicant_key FROM requests WHERE phone LIKE '+%'
ON CONFLICT DO NOTHING;

CREATE INDEX search_keys_word ON search_keys (service, word, name, request_id);
DROP INDEX requests_applicant;
ALTER TABLE requests DROP COLUMN applicant_key;
