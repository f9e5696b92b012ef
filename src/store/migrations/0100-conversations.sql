-- Conversations with somebody outside: through which channels, with whom, and every message in both directions.

ALTER TABLE inbox_types ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp();

-- A way by which messages come in and go out.
CREATE TABLE channels (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  type text NOT NULL CHECK (type IN ('webhook', 'slack', 'email', 'chat')),
  name text NOT NULL,
  -- What message triggers know its messages by.
  channel text NOT NULL,
  inbox_type_id text COLLATE "C" NOT NULL,
  -- JSON text, without secrets; those are sealed.
  config text NOT NULL,
  sealed_secrets text,
  -- The unguessable part of the URL that messages come in at; null where none do.
  inbound_key text COLLATE "C",
  inbound_hash bytea UNIQUE,
  -- A burst of messages is one run: it starts when no other has come for so long.
  quiet_ms integer NOT NULL,
  -- What becomes of a sending whose outcome nobody knows: sent again under the same id, or left to a person.
  resend_unknown boolean NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3),
  FOREIGN KEY (workspace_id, inbox_type_id) REFERENCES inbox_types (workspace_id, id)
);
CREATE INDEX channels_by_workspace ON channels (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX channels_by_inbox_type ON channels (workspace_id, inbox_type_id);

CREATE TABLE contacts (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  inbox_type_id text COLLATE "C" NOT NULL,
  type text NOT NULL,
  first_name text,
  last_name text,
  image_url text,
  archived boolean NOT NULL DEFAULT false,
  -- No agent answers while it is set.
  ai_paused boolean NOT NULL DEFAULT false,
  follow_up_at timestamptz(3),
  last_channel text,
  last_message_at timestamptz(3),
  last_message_preview text,
  -- What lists are ordered by: the last message, or the beginning.
  active_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (workspace_id, inbox_type_id) REFERENCES inbox_types (workspace_id, id)
);
CREATE INDEX contacts_by_activity ON contacts (workspace_id, active_at, id);
CREATE INDEX contacts_by_inbox_type ON contacts (workspace_id, inbox_type_id, active_at, id);

-- Where a contact can be reached.
CREATE TABLE contact_channels (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  type text NOT NULL,
  -- What the address is unique to: empty where it is so by itself (e-mail), else the id of a channel.
  scope text COLLATE "C" NOT NULL,
  value text NOT NULL,
  -- The channel it was last heard from by, which is also the one to write by.
  channel_id text COLLATE "C" REFERENCES channels (id) ON DELETE SET NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX contact_channels_by_value ON contact_channels (workspace_id, type, scope, md5(value));
CREATE INDEX contact_channels_by_contact ON contact_channels (contact_id, created_at, id);

CREATE TABLE conversations (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  contact_id text COLLATE "C" NOT NULL REFERENCES contacts (id),
  inbox_type_id text COLLATE "C" NOT NULL,
  channel_id text COLLATE "C" NOT NULL REFERENCES channels (id),
  channel text NOT NULL,
  -- Where replies go.
  contact_channel_id text COLLATE "C" NOT NULL REFERENCES contact_channels (id),
  -- What the channel knows the thread by.
  thread_key text NOT NULL,
  subject text,
  state text NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'follow_up', 'done')),
  follow_up_at timestamptz(3),
  assignee_id text COLLATE "C",
  archived boolean NOT NULL DEFAULT false,
  ai_paused boolean NOT NULL DEFAULT false,
  -- Number of the last message.
  last_n bigint NOT NULL DEFAULT 0,
  -- Counts messages that came in, and edits of those not answered yet. What a run has read is one of its
  -- values; a reply is committed only while it is still the latest one, and has not been answered.
  inbound_rev bigint NOT NULL DEFAULT 0,
  answered_rev bigint NOT NULL DEFAULT 0,
  -- When its message triggers are due, and since when it waits for the burst to end.
  due_at timestamptz(3),
  burst_at timestamptz(3),
  last_message_preview text,
  -- Of the last message, or the beginning.
  last_message_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (workspace_id, inbox_type_id) REFERENCES inbox_types (workspace_id, id)
);
CREATE UNIQUE INDEX conversations_by_thread ON conversations (channel_id, md5(thread_key));
CREATE INDEX conversations_by_activity ON conversations (workspace_id, last_message_at, id);
CREATE INDEX conversations_by_contact ON conversations (contact_id, last_message_at, id);
CREATE INDEX conversations_by_inbox_type ON conversations (workspace_id, inbox_type_id, last_message_at, id);
CREATE INDEX conversations_due ON conversations (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE messages (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  conversation_id text COLLATE "C" NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  -- Its place in the conversation, from 1.
  n bigint NOT NULL,
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  channel_id text COLLATE "C" NOT NULL REFERENCES channels (id),
  channel text NOT NULL,
  body text NOT NULL,
  subject text,
  -- `queued` is the committed intent; `sending` from a claim on; `unknown`: it may have been sent.
  status text NOT NULL CHECK (status IN ('received', 'queued', 'sending', 'sent', 'failed', 'unknown')),
  -- What the other side knows it by.
  external_id text,
  -- Of an inbound one: the conversation's count when it came, or was last edited before it was answered.
  rev bigint,
  -- Of a reply: the count up to which it answers.
  answers_rev bigint,
  sender_id text COLLATE "C",
  sender_external_id text,
  sender_name text,
  -- The run whose reply it is, and the stable name of its step: there is one message a step.
  run_id text COLLATE "C",
  idempotency_key text COLLATE "C" UNIQUE,
  attempts integer NOT NULL DEFAULT 0,
  -- Attempts since it was queued or sent again: where in the schedule it is.
  tries integer NOT NULL DEFAULT 0,
  -- When the next attempt is due; during one, when it counts as lost with its process.
  next_at timestamptz(3),
  -- Bumped by every claim: a process that lost its claim writes nothing.
  claim bigint NOT NULL DEFAULT 0,
  error text,
  sent_at timestamptz(3),
  edited_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (conversation_id, n)
);
-- The same message of a channel is taken once.
CREATE UNIQUE INDEX messages_once ON messages (channel_id, md5(external_id))
  WHERE direction = 'inbound' AND external_id IS NOT NULL;
-- What a thread's references name.
CREATE INDEX messages_by_external_id ON messages (channel_id, md5(external_id)) WHERE external_id IS NOT NULL;
CREATE INDEX messages_due ON messages (channel_id, next_at) WHERE status IN ('queued', 'sending');
CREATE INDEX messages_unsent ON messages (conversation_id, n) WHERE status IN ('queued', 'sending');
CREATE INDEX messages_by_run ON messages (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX messages_by_words ON messages USING gin (to_tsvector('simple', left(body, 100000)));

-- Topics that conversations are sorted by: root topics, and subtopics below them.
CREATE TABLE conversation_tags (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  parent_id text COLLATE "C" REFERENCES conversation_tags (id),
  name text NOT NULL,
  description text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX conversation_tags_by_name
  ON conversation_tags (workspace_id, coalesce(parent_id, ''), lower(name));
CREATE INDEX conversation_tags_by_parent ON conversation_tags (parent_id);

CREATE TABLE tagged_conversations (
  conversation_id text COLLATE "C" NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  tag_id text COLLATE "C" NOT NULL REFERENCES conversation_tags (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, tag_id)
);
CREATE INDEX tagged_conversations_by_tag ON tagged_conversations (tag_id);

-- The conversation's count that the run has read up to; null where its reply goes to nobody.
ALTER TABLE runs ADD COLUMN read_rev bigint;
CREATE INDEX runs_by_reading ON runs (conversation_id, read_rev) WHERE read_rev IS NOT NULL;

CREATE INDEX triggers_by_message ON triggers (workspace_id, id) WHERE type = 'message' AND deleted_at IS NULL;
