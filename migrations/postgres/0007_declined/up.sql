-- The newer version its owner was offered and did not want.
ALTER TABLE drafts ADD COLUMN declined uuid;
