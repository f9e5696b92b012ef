-- Places for files that were asked for in a chat; the file itself is an attachment, bound to its message later.
CREATE TABLE chat_uploads (
  -- The attachment that it becomes.
  id text COLLATE "C" PRIMARY KEY,
  session_id text COLLATE "C" NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
  filename text NOT NULL,
  media_type text NOT NULL,
  -- What the picture shows, in words, as its sender says.
  alt text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX chat_uploads_by_session ON chat_uploads (session_id, created_at);
