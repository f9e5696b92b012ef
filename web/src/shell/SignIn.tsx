import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { Mark } from './Mark.tsx';

/** Exchanges a token for a cookie that scripts cannot read. The token itself is kept nowhere. */
export function SignIn() {
  const queries = useQueryClient();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const signIn = async (event: React.FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const headers = { Authorization: `Bearer ${token.trim()}` };
      await dataOf(v1.POST('/v1/session', { headers }));
      await queries.resetQueries();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-4 py-10">
      <form
        onSubmit={signIn}
        className="w-full max-w-sm space-y-4 rounded-xl border border-line bg-surface p-6 shadow-sm"
      >
        <Mark />
        <div>
          <h1 className="text-lg font-semibold">Sign in</h1>
          <p className="mt-1 text-[13px] text-muted">
            With a token of this server. Its first start printed an admin token in the terminal.
          </p>
        </div>
        <TextField
          label="Token"
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          placeholder="capi_…"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <Problem error={error} />
        <Button type="submit" kind="primary" busy={busy} className="w-full">
          Sign in
        </Button>
      </form>
      <p className="mt-4 max-w-sm text-center text-xs text-faint">
        The token is exchanged for a session of seven days and is not stored in this browser.
      </p>
    </main>
  );
}
