DROP INDEX documents_blob;
