-- Values that tools of a workspace name. Sealed (AES-256-GCM) for the workspace and name, so that a row's
-- value opens nowhere else.
CREATE TABLE secrets (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  sealed text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, name)
);
