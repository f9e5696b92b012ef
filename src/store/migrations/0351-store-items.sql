-- What clients of Agent Protocol keep beside their threads: JSON values by namespace and key, a workspace's own.
CREATE TABLE store_items (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  namespace text[] COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- JSON text, as it was given.
  value text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, namespace, key)
);
