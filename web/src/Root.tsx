import { useQuery } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { ApiError } from '../../client/api-error.ts';
import { meQuery } from './api/queries.ts';
import { Shell } from './shell/Shell.tsx';
import { SignIn } from './shell/SignIn.tsx';
import { SessionProvider } from './shell/workspace.tsx';
import { Empty, Failed, Loading } from './ui/States.tsx';

/** Who is not signed in sees the way in, whatever the address; and then the page that it names. */
export function Root() {
  const me = useQuery(meQuery);
  if (me.data !== undefined) {
    return (
      <SessionProvider me={me.data}>
        <Shell />
      </SessionProvider>
    );
  }
  if (me.error instanceof ApiError && me.error.status === 401) return <SignIn />;
  if (me.error) return <Failed error={me.error} onRetry={() => void me.refetch()} />;
  return <Loading />;
}

export function NotFound() {
  return (
    <Empty
      title="Nothing is here"
      action={
        <Link to="/runs" className="text-accent underline">
          To the runs
        </Link>
      }
    >
      The address names no page of this dashboard.
    </Empty>
  );
}

export function RouteFailed({ error, reset }: ErrorComponentProps) {
  return <Failed error={error} onRetry={reset} />;
}
