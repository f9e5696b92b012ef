-- Files that tools hand over are kept like large outputs, as they are: no text, and nothing is escaped in them.
ALTER TABLE spills ADD COLUMN is_file boolean NOT NULL DEFAULT false;
