-- Which documents use a file: asked by the tidying for hundreds of files at a time.
CREATE INDEX documents_blob ON documents (sha256) WHERE sha256 IS NOT NULL;
