import { useQuery } from '@tanstack/react-query';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Lamp } from '../ui/Badge.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { DatabaseCard } from './DatabaseCard.tsx';
import { SandboxCard } from './SandboxCard.tsx';

interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly version: string;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly message: string;
  }[];
}

/** 503 is an answer here, too: it says what is missing. */
async function readReadiness(): Promise<Readiness> {
  const response = await fetch('/readyz', { cache: 'no-store' });
  return (await response.json()) as Readiness;
}

export function SystemPage() {
  const { me } = useSession();
  const ready = useQuery({
    queryKey: ['readyz'],
    queryFn: readReadiness,
    refetchInterval: 5_000,
  });
  const { data } = ready;
  return (
    <Page
      title="System"
      badge={
        data && (
          <span className="text-[13px] font-medium">
            <Lamp tone={data.status === 'ready' ? 'good' : 'bad'}>
              {data.status === 'ready' ? 'Ready' : 'Not ready'}
            </Lamp>
          </span>
        )
      }
    >
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="space-y-4">
          <Card title="Parts">
            {data === undefined ? (
              <Unanswered query={ready} label="Loading the state of the server" />
            ) : (
              <ul className="divide-y divide-line/70">
                {data.checks.map(({ name, ok, message }) => (
                  <li key={name} className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-3 text-[13px]">
                    <span className="w-28 font-medium capitalize">
                      <Lamp tone={ok ? 'good' : 'bad'}>{name}</Lamp>
                    </span>
                    <span className="min-w-0 grow basis-56 break-words text-muted">{message}</span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
          <Card title="Server">
            <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2 p-4 text-[13px]">
              <dt className="text-muted">Version</dt>
              <dd>{me.version}</dd>
              <dt className="text-muted">Address</dt>
              <dd className="break-all">{location.origin}</dd>
              <dt className="text-muted">Signed in with</dt>
              <dd>{me.user === null ? `a token, ${me.access} access` : me.user.email}</dd>
              <dt className="text-muted">API</dt>
              <dd className="flex flex-wrap gap-x-3">
                <a href="/v1/openapi.json" className="text-accent underline">
                  /v1/openapi.json
                </a>
                <a href="/public-api/openapi.json" className="text-accent underline">
                  /public-api/openapi.json
                </a>
              </dd>
            </dl>
          </Card>
        </div>
        <div className="space-y-4">
          <SandboxCard />
          {me.access === 'admin' && <DatabaseCard />}
        </div>
      </div>
    </Page>
  );
}
