-- Versions that were saved to be tried, and were never live. The release before shows them as any other.
ALTER TABLE agent_versions ADD COLUMN is_candidate boolean NOT NULL DEFAULT false;
