-- What was typed on pages that could not be left yet, by page, exactly as it was typed.
ALTER TABLE drafts ADD COLUMN typed jsonb NOT NULL DEFAULT '{}';
