import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Rocket } from 'lucide-react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentQuery, versionsQuery } from '../api/queries.ts';
import type { Agent, AgentVersion } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Badge } from '../ui/Badge.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { LineDiff } from '../ui/LineDiff.tsx';
import { BringBack, Versions } from '../ui/Versions.tsx';

/** Every saved version: what it changed, and the way back to it. */
export function VersionsView({ agent }: { readonly agent: Agent }) {
  const queries = useQueryClient();
  const readOnly = useWhyNot('agent', 'write');
  const versions = useQuery(versionsQuery(agent.id));
  const keep = async (made: Agent) => {
    queries.setQueryData(agentQuery(agent.id).queryKey, made);
    await queries.invalidateQueries({ queryKey: ['agent', agent.id, 'versions'] });
  };
  const enable = async (version: number) => {
    const params = { path: { id: agent.id, version } };
    await keep(await dataOf(v1.POST('/v1/agents/{id}/versions/{version}/enable', { params })));
  };
  const rollback = async (version: number) => {
    const params = { path: { id: agent.id } };
    const made = await dataOf(v1.POST('/v1/agents/{id}/rollback', { params, body: { version } }));
    await keep(made);
    return made.agent_version;
  };
  return (
    <Versions
      query={versions}
      current={agent.agent_version}
      numberOf={({ agent_version }) => agent_version}
      badge={({ is_candidate }) => is_candidate && <Badge>candidate</Badge>}
      actions={({ number, version, choose }) =>
        version.is_candidate ? (
          <ConfirmButton
            small
            icon={<Rocket size={14} aria-hidden />}
            why={readOnly}
            question={`Let version ${number} go live?`}
            explanation={
              agent.test_gate
                ? 'Its cases must have passed on just this version. Runs from then on are of it.'
                : 'Runs from then on are of it.'
            }
            confirmLabel="Let it go live"
            act={() => enable(number)}
          >
            Let it go live
          </ConfirmButton>
        ) : (
          <BringBack
            why={readOnly ?? (number === agent.agent_version ? 'It is the current one.' : null)}
            question={`Bring version ${number} back?`}
            explanation="It is saved as a new version, so nothing is lost. Whether the agent is enabled, and its webhooks’ addresses and secrets, stay as they are."
            act={async () => choose(await rollback(number))}
          />
        )
      }
    >
      {({ version, before }) => (
        <>
          <LineDiff
            label="Instructions"
            before={before?.instructions ?? ''}
            after={version.instructions}
          />
          <LineDiff label="Everything else" before={restOf(before)} after={restOf(version)} />
        </>
      )}
    </Versions>
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
