-- Who is signed in to the dashboard. A session stands for the token it was made with, and for nothing
-- without it.
CREATE TABLE sessions (
  -- SHA-256 of the cookie's value, 200 random bits.
  secret_hash bytea PRIMARY KEY,
  token_id text COLLATE "C" NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_token ON sessions (token_id);
