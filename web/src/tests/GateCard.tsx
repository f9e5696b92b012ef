import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { versionsQuery } from '../api/queries.ts';
import type { Agent } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Check } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** Whether an agent goes live only once its cases have passed, and what waits for that. */
export function GateCard({ agent }: { readonly agent: Agent }) {
  const queries = useQueryClient();
  const mayNot = useWhyNot('agent', 'write');
  const versions = useQuery(versionsQuery(agent.id));
  const { busy, error, submit } = useSubmit();
  const params = { path: { id: agent.id } };
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ['agents'] });
    await queries.invalidateQueries({ queryKey: ['agent', agent.id] });
  };
  const setGate = (test_gate: boolean) =>
    submit(async () => {
      await dataOf(v1.PATCH('/v1/agents/{id}', { params, body: { test_gate } }));
      await changed();
    });
  const enable = (version: number) =>
    submit(async () => {
      await dataOf(
        v1.POST('/v1/agents/{id}/versions/{version}/enable', {
          params: { path: { id: agent.id, version } },
        }),
      );
      await changed();
    });
  const candidates = (versions.data ?? []).filter(({ is_candidate }) => is_candidate);
  return (
    <Card title={`Gate of ${agent.name}`}>
      <div className="space-y-3 p-4 text-[13px]">
        <Check
          label="Goes live only once its cases have passed"
          hint="Saving then makes a candidate: run the tests on it here, and let it go live."
          checked={agent.test_gate}
          disabled={busy || mayNot !== null}
          onChange={(event) => void setGate(event.target.checked)}
        />
        {candidates.length > 0 && (
          <ul className="divide-y divide-line rounded-md border border-line">
            {candidates.slice(0, 8).map(({ agent_version: version, created_at }) => (
              <li key={version} className="flex flex-wrap items-center gap-2 px-3 py-1.5">
                <Link
                  to="/agents/$agentId"
                  params={{ agentId: agent.id }}
                  search={{ tab: 'versions' }}
                  className="font-medium hover:underline"
                >
                  Version {version}
                </Link>
                <Badge>candidate</Badge>
                <span className="grow text-xs text-muted">
                  <Time at={created_at} />
                </span>
                <Button small busy={busy} why={mayNot} onClick={() => void enable(version)}>
                  Let it go live
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Problem error={error} />
      </div>
    </Card>
  );
}
