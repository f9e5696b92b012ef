-- What was read last, so that whoever keeps a folder in step sends only what differs.
ALTER TABLE kb_files ADD COLUMN sha256 bytea;
