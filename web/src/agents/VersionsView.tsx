import { useQuery, useQueryClient } from '@tanstack/react-query';
import { History, Rocket } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentQuery, versionsQuery } from '../api/queries.ts';
import type { Agent, AgentVersion } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { classes } from '../ui/classes.ts';
import { LineDiff } from '../ui/LineDiff.tsx';
import { Card } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';

/** Every saved version: what it changed, and the way back to it. */
export function VersionsView({ agent }: { readonly agent: Agent }) {
  const queries = useQueryClient();
  const readOnly = useWhyNot('agent', 'write');
  const versions = useQuery(versionsQuery(agent.id));
  const [chosen, setChosen] = useState(agent.agent_version);
  if (versions.data === undefined) {
    return (
      <Card>
        <Unanswered query={versions} label="Loading versions" />
      </Card>
    );
  }
  const at = versions.data.findIndex(({ agent_version }) => agent_version === chosen);
  const version = versions.data[at];
  const before = versions.data[at + 1];
  const enable = async () => {
    const params = { path: { id: agent.id, version: chosen } };
    const made = await dataOf(v1.POST('/v1/agents/{id}/versions/{version}/enable', { params }));
    queries.setQueryData(agentQuery(agent.id).queryKey, made);
    await queries.invalidateQueries({ queryKey: ['agent', agent.id, 'versions'] });
  };
  const rollback = async () => {
    const body = { version: chosen };
    const made = await dataOf(
      v1.POST('/v1/agents/{id}/rollback', { params: { path: { id: agent.id } }, body }),
    );
    queries.setQueryData(agentQuery(agent.id).queryKey, made);
    await queries.invalidateQueries({ queryKey: ['agent', agent.id, 'versions'] });
    setChosen(made.agent_version);
  };
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <Card title="Versions">
        <ol className="max-h-[70dvh] overflow-y-auto">
          {versions.data.map(({ agent_version: number, is_candidate, created_at }) => (
            <li key={number}>
              <button
                type="button"
                aria-pressed={number === chosen}
                onClick={() => setChosen(number)}
                className={classes(
                  'flex w-full items-center gap-2 px-4 py-2 text-left text-[13px] hover:bg-sunken',
                  number === chosen && 'bg-sunken font-medium',
                )}
              >
                <span className="grow">Version {number}</span>
                {number === agent.agent_version && <Badge tone="good">current</Badge>}
                {is_candidate && <Badge>candidate</Badge>}
                <span className="text-xs text-muted">
                  <Time at={created_at} />
                </span>
              </button>
            </li>
          ))}
        </ol>
      </Card>
      {version && (
        <Card
          title={before ? `What version ${chosen} changed` : `Version ${chosen}, the first`}
          actions={
            version.is_candidate ? (
              <ConfirmButton
                small
                icon={<Rocket size={14} aria-hidden />}
                why={readOnly}
                question={`Let version ${chosen} go live?`}
                explanation={
                  agent.test_gate
                    ? 'Its cases must have passed on just this version. Runs from then on are of it.'
                    : 'Runs from then on are of it.'
                }
                confirmLabel="Let it go live"
                act={enable}
              >
                Let it go live
              </ConfirmButton>
            ) : (
              <ConfirmButton
                small
                icon={<History size={14} aria-hidden />}
                why={readOnly ?? (chosen === agent.agent_version ? 'It is the current one.' : null)}
                question={`Bring version ${chosen} back?`}
                explanation="It is saved as a new version, so nothing is lost. Whether the agent is enabled, and its webhooks’ addresses and secrets, stay as they are."
                confirmLabel="Bring it back"
                act={rollback}
              >
                Bring it back
              </ConfirmButton>
            )
          }
        >
          <div className="space-y-4 p-4">
            <LineDiff
              label="Instructions"
              before={before?.instructions ?? ''}
              after={version.instructions}
            />
            <LineDiff label="Everything else" before={restOf(before)} after={restOf(version)} />
          </div>
        </Card>
      )}
    </div>
  );
}

function restOf(version: AgentVersion | undefined): string {
  if (version === undefined) return '';
  const {
    instructions: _instructions,
    agent_version: _version,
    created_at: _created,
    agent_id: _agent,
    triggers,
    ...rest
  } = version;
  const shown = triggers.map(({ name, type, config, enabled }) => ({
    name,
    type,
    config,
    enabled,
  }));
  return JSON.stringify({ ...rest, triggers: shown }, null, 2);
}
