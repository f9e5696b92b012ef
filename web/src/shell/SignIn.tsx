import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { Mark } from './Mark.tsx';

type Way = 'password' | 'token' | 'invitation';

// The issuer's answer comes in the address, which the router rewrites as soon as it starts.
const cameBackWith = new URLSearchParams(window.location.search).get('sign_in');
const invitation = window.location.pathname === '/invitation' ? window.location.hash.slice(1) : '';

const texts: Record<Way, { title: string; text: string; button: string }> = {
  password: { title: 'Sign in', text: 'With your address and password.', button: 'Sign in' },
  token: {
    title: 'Sign in',
    text: 'With a token of this server. Its first start printed an admin token in the terminal.',
    button: 'Sign in',
  },
  invitation: {
    title: 'Welcome',
    text: 'Choose a password of at least 12 characters. The invitation counts once.',
    button: 'Set password',
  },
};

/** Exchanges what somebody knows for a cookie that scripts cannot read. It is kept nowhere itself. */
export function SignIn() {
  const queries = useQueryClient();
  const methods = useQuery({
    queryKey: ['sign-in-methods'],
    queryFn: () => dataOf(v1.GET('/v1/session/methods')),
    retry: false,
  });
  const [way, setWay] = useState<Way>(invitation === '' ? 'token' : 'invitation');
  const [email, setEmail] = useState('');
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const signIn = async (event: React.FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await enter(way, { email, secret });
      if (way === 'invitation') window.history.replaceState(null, '', '/runs');
      await queries.resetQueries();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const change = (to: Way) => {
    setWay(to);
    setSecret('');
    setError(null);
  };
  const oidc = methods.data?.oidc;
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-4 py-10">
      <form
        onSubmit={signIn}
        className="w-full max-w-sm space-y-4 rounded-xl border border-line bg-surface p-6 shadow-sm"
      >
        <Mark />
        <div>
          <h1 className="text-lg font-semibold">{texts[way].title}</h1>
          <p className="mt-1 text-[13px] text-muted">{texts[way].text}</p>
        </div>
        {cameBackWith !== null && (
          <p role="alert" className="text-[13px] text-bad">
            {cameBackWith === 'forbidden'
              ? 'You are no member of a workspace here. Ask an owner to add your address.'
              : 'The sign-in could not be completed. Begin again.'}
          </p>
        )}
        {way === 'password' && (
          <TextField
            label="Address"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
        <TextField
          key={way}
          label={way === 'token' ? 'Token' : 'Password'}
          type="password"
          autoComplete={way === 'invitation' ? 'new-password' : 'current-password'}
          autoFocus
          required
          {...(way === 'token' ? { placeholder: 'capi_…' } : {})}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <Problem error={error} />
        <Button type="submit" kind="primary" busy={busy} className="w-full">
          {texts[way].button}
        </Button>
        {way !== 'invitation' && (
          <p className="text-center text-[13px]">
            <button
              type="button"
              className="text-accent underline"
              onClick={() => change(way === 'token' ? 'password' : 'token')}
            >
              {way === 'token' ? 'Use a password' : 'Use a token'}
            </button>
            {oidc ? (
              <>
                {' · '}
                <a className="text-accent underline" href={oidc.url}>
                  {`Sign in with ${oidc.name}`}
                </a>
              </>
            ) : null}
          </p>
        )}
      </form>
      <p className="mt-4 max-w-sm text-center text-xs text-faint">
        It is exchanged for a session of seven days and is not stored in this browser.
      </p>
    </main>
  );
}

async function enter(way: Way, given: { email: string; secret: string }): Promise<void> {
  const { email, secret } = given;
  if (way === 'token') {
    const headers = { Authorization: `Bearer ${secret.trim()}` };
    await dataOf(v1.POST('/v1/session', { headers }));
  } else if (way === 'password') {
    await dataOf(v1.POST('/v1/session/password', { body: { email, password: secret } }));
  } else {
    await dataOf(v1.POST('/v1/session/invitation', { body: { invitation, password: secret } }));
  }
}
