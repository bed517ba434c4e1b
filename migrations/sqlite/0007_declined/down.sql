ALTER TABLE drafts DROP COLUMN declined;
