-- A token that is limited to some resources or agents. Its `access` is a word that a server of the release
-- before grants nothing for; what it may do at most stands in `base_access`.
ALTER TABLE tokens DROP CONSTRAINT tokens_access_check;
ALTER TABLE tokens
  ADD COLUMN base_access text,
  -- `resource:read` and `resource:write`; null is everything that the access allows.
  ADD COLUMN scopes text[],
  -- Null is every agent of its workspaces.
  ADD COLUMN agent_ids text[],
  ADD CONSTRAINT tokens_access_check CHECK (access IN ('read', 'write', 'admin', 'limited')),
  ADD CONSTRAINT tokens_limits_check CHECK (
    CASE WHEN access = 'limited'
      THEN base_access IS NOT NULL AND base_access IN ('read', 'write')
        AND num_nonnulls(scopes, agent_ids) > 0
      ELSE num_nonnulls(base_access, scopes, agent_ids) = 0 END);

-- People. What they may do stands in their memberships.
CREATE TABLE users (
  id text COLLATE "C" PRIMARY KEY,
  -- In lower case.
  email text NOT NULL UNIQUE,
  first_name text,
  last_name text,
  picture_url text,
  -- `scrypt$…`, with its parameters and salt.
  password_hash text,
  -- Who they are at the OpenID Connect issuer.
  identity_issuer text,
  identity_subject text,
  -- SHA-256 of 200 random bits, with which a password can be set once.
  invitation_hash bytea UNIQUE,
  invitation_expires_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (identity_issuer, identity_subject),
  CHECK ((identity_issuer IS NULL) = (identity_subject IS NULL)),
  CHECK ((invitation_hash IS NULL) = (invitation_expires_at IS NULL))
);

CREATE TABLE members (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'editor', 'operator', 'viewer')),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id);

-- A session is of a token or of a person; a server of the release before finds no token in the latter.
ALTER TABLE sessions ALTER COLUMN token_id DROP NOT NULL;
ALTER TABLE sessions
  ADD COLUMN user_id text COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
  ADD CONSTRAINT sessions_of_one CHECK (num_nonnulls(token_id, user_id) = 1);
CREATE INDEX sessions_by_user ON sessions (user_id) WHERE user_id IS NOT NULL;

-- Tries to sign in, by what they were made for: the hash of an account's address, or of where they came from.
CREATE TABLE sign_in_tries (
  key bytea PRIMARY KEY,
  tries integer NOT NULL,
  first_at timestamptz(3) NOT NULL
);
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (first_at);
