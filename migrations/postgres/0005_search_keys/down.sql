ALTER TABLE requests ADD COLUMN applicant_key text COLLATE "C" NOT NULL DEFAULT '';
UPDATE requests SET applicant_key = coalesce((SELECT name FROM search_keys WHERE request_id = requests.id LIMIT 1), '');
CREATE INDEX requests_applicant ON requests (service, applicant_key, id);
DROP TABLE search_keys;
