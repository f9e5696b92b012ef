-- Files of messages. What is uploaded before its message has none yet; it is bound in the commit of the message.
CREATE TABLE attachments (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  conversation_id text COLLATE "C" NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  message_id text COLLATE "C" REFERENCES messages (id) ON DELETE CASCADE,
  -- Its place in the message, from 1.
  position integer NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  size_bytes integer NOT NULL,
  -- Null where it is not kept: then the reason says why.
  body bytea,
  not_kept text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
-- Not compressed: most are already, and a slice is read without the rest.
ALTER TABLE attachments ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX attachments_by_message ON attachments (message_id, position) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_by_conversation ON attachments (conversation_id);
CREATE INDEX attachments_unbound ON attachments (created_at) WHERE message_id IS NULL;
