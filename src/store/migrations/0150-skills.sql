-- Skills. The files are the skill; name, description and allowed tools are what stands in its SKILL.md.
CREATE TABLE skills (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name text COLLATE "C" NOT NULL,
  display_name text,
  description text NOT NULL,
  -- JSON text: names of tools; null is all that the agent has.
  allowed_tools text,
  -- JSON text.
  tags text,
  enabled boolean NOT NULL,
  -- A run or execution that it was distilled from, as it was given.
  source_run_id text,
  -- Bumped by every change of the files.
  version integer NOT NULL,
  -- Of the files' paths and bytes.
  hash text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);
CREATE UNIQUE INDEX skills_by_name ON skills (workspace_id, name) WHERE deleted_at IS NULL;
CREATE INDEX skills_by_workspace ON skills (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE skill_versions (
  skill_id text COLLATE "C" NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  version integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  hash text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (skill_id, version)
);

-- A file over the versions of its skill: a row for each of its own versions.
CREATE TABLE skill_files (
  id text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  skill_id text COLLATE "C" NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  path text COLLATE "C" NOT NULL,
  content bytea NOT NULL,
  is_executable boolean NOT NULL,
  -- Versions of the skill: it is part of those from the first one on, before the second one.
  since integer NOT NULL,
  until integer,
  PRIMARY KEY (id, version)
);
CREATE INDEX skill_files_by_skill ON skill_files (skill_id, since);
