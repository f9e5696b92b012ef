-- Knowledge: nodes (files and directories), the chunks that search returns, and the terms that find them.

-- What a workspace's knowledge has in common; made with its first node.
CREATE TABLE kb_spaces (
  workspace_id text COLLATE "C" PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  -- Short, since every posting names it.
  no integer GENERATED ALWAYS AS IDENTITY UNIQUE,
  -- A text search configuration, or `auto`: told by each node's own text.
  language text NOT NULL DEFAULT 'auto',
  embedding_model text,
  -- Of all chunks: what ranking needs to know of the whole.
  chunk_count bigint NOT NULL DEFAULT 0,
  token_count bigint NOT NULL DEFAULT 0
);

CREATE TABLE kb_nodes (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES kb_spaces (workspace_id) ON DELETE CASCADE,
  parent_id text COLLATE "C" REFERENCES kb_nodes (id) ON DELETE CASCADE,
  -- From the root down to the parent.
  ancestors text[] NOT NULL,
  title text NOT NULL,
  is_directory boolean NOT NULL,
  -- Markdown; null for directories, and until a file or page has been read.
  body text,
  -- False: the body is one chunk, however long.
  chunk_body boolean NOT NULL,
  -- Empty: of the whole workspace.
  entity_ids text[] NOT NULL,
  tags text[] NOT NULL,
  -- JSON text (I9).
  metadata text NOT NULL,
  enabled boolean NOT NULL,
  -- Enabled, as everything above it is, and not deleted: only such nodes are found.
  is_live boolean NOT NULL,
  source text NOT NULL,
  source_type text NOT NULL,
  source_id text,
  -- As given; null is the workspace's.
  language text,
  version integer NOT NULL DEFAULT 1,
  created_by text,
  -- The version whose chunks are found; null before the first.
  indexed_version integer,
  index_status text NOT NULL CHECK (index_status IN ('pending', 'processing', 'embedding', 'ready', 'failed', 'none')),
  index_error text,
  chunk_count integer NOT NULL DEFAULT 0,
  -- When there is something to do next; during work, when it counts as lost with its process.
  due_at timestamptz(3),
  -- Bumped by every claim and every change: a process that lost its claim writes nothing.
  claim bigint NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- What is left of a deleted node are chunks that are still to be taken out.
  deleted_at timestamptz(3)
);
CREATE INDEX kb_nodes_by_workspace ON kb_nodes (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX kb_nodes_by_parent ON kb_nodes (parent_id);
CREATE INDEX kb_nodes_below ON kb_nodes USING gin (ancestors);
CREATE INDEX kb_nodes_due ON kb_nodes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX kb_nodes_hidden ON kb_nodes (workspace_id) WHERE NOT is_live AND NOT is_directory;
CREATE UNIQUE INDEX kb_nodes_by_source ON kb_nodes (workspace_id, source, source_id)
  WHERE source_id IS NOT NULL AND deleted_at IS NULL;

-- What a node is read from; bytes are kept until they have been read.
CREATE TABLE kb_files (
  node_id text COLLATE "C" PRIMARY KEY REFERENCES kb_nodes (id) ON DELETE CASCADE,
  name text,
  media_type text,
  -- Null: the bytes are to be fetched from `url`.
  bytes bytea,
  url text,
  -- The node takes the title that is found inside.
  takes_title boolean NOT NULL,
  is_unread boolean NOT NULL DEFAULT true
);

-- What every version said, the one in force included.
CREATE TABLE kb_versions (
  node_id text COLLATE "C" NOT NULL REFERENCES kb_nodes (id) ON DELETE CASCADE,
  version integer NOT NULL,
  title text NOT NULL,
  body text,
  created_by text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (node_id, version)
);

CREATE TABLE kb_chunks (
  no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  workspace_id text COLLATE "C" NOT NULL,
  node_id text COLLATE "C" NOT NULL REFERENCES kb_nodes (id) ON DELETE CASCADE,
  position integer NOT NULL,
  -- Of all that its terms and vector are made of: a chunk with the same one is kept as it is.
  hash bytea NOT NULL,
  -- Titles and headings above it.
  context text NOT NULL,
  text text NOT NULL,
  -- Terms with positions, by the configuration of the node's language.
  lexemes tsvector NOT NULL,
  -- Tokens: the length that ranking goes by.
  length integer NOT NULL,
  -- A scale (4 bytes) and one signed byte a dimension.
  vector bytea,
  vector_model text
);
CREATE INDEX kb_chunks_by_node ON kb_chunks (node_id, position);
CREATE INDEX kb_chunks_by_workspace ON kb_chunks (workspace_id);

-- Which chunks have a term, and how often: read by (space, term).
CREATE TABLE kb_postings (
  space_no integer NOT NULL,
  term text COLLATE "C" NOT NULL,
  chunk_no integer NOT NULL,
  tf smallint NOT NULL,
  length integer NOT NULL,
  PRIMARY KEY (space_no, term, chunk_no) INCLUDE (tf, length)
);

-- Languages that chunks of a space were read in: a question is read in each.
CREATE TABLE kb_languages (
  space_no integer NOT NULL,
  language text NOT NULL,
  PRIMARY KEY (space_no, language)
);

-- Every term that a space has had, for finding the one that was meant.
CREATE TABLE kb_terms (
  space_no integer NOT NULL,
  term text COLLATE "C" NOT NULL,
  PRIMARY KEY (space_no, term)
);

-- Questions of runs that found no answer; a node that answers one ends it.
CREATE TABLE kb_gaps (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  run_id text COLLATE "C" NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  -- The tool call that asked: a repeat of it is the same question.
  call_key text NOT NULL UNIQUE,
  query text NOT NULL,
  entity_id text,
  node_id text COLLATE "C",
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  answered_at timestamptz(3)
);
CREATE INDEX kb_gaps_by_workspace ON kb_gaps (workspace_id, created_at DESC, id DESC);
CREATE INDEX kb_gaps_by_run ON kb_gaps (run_id);

-- Misspelled words are found by trigrams where the server has them; everything else works without.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX kb_terms_alike ON kb_terms USING gin (term gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'Without pg_trgm: %', SQLERRM;
END
$$;
