import type { Agent, AgentDefinition, Trigger } from '../../src/core/agent.ts';
import { newId } from '../../src/core/ids.ts';
import { getAgent, insertAgent } from '../../src/store/agents.ts';
import type { Firing, MatchedCandidate } from '../../src/triggers/firing.ts';
import { newAgentRow } from './agents.ts';
import type { TestApi } from './api.ts';

export function matched(
  of: { readonly agent: Agent; readonly trigger: Trigger },
  more: Partial<MatchedCandidate> = {},
): MatchedCandidate {
  return { ...of, comparisons: [], entityId: null, ...more, matched: true };
}

/** Agents with a trigger in the API's workspace, firings of it, and what was stored of them. */
export function firingBench({ deps, workspace }: Pick<TestApi, 'deps' | 'workspace'>) {
  async function agentWith(
    definition: Partial<AgentDefinition> = {},
    given: { readonly type?: Trigger['type']; readonly config?: Record<string, unknown> } = {},
  ): Promise<{ readonly agent: Agent; readonly trigger: Trigger }> {
    const row = newAgentRow({ workspaceId: workspace.id, definition });
    const inserted = await deps.db.transaction((tx) =>
      insertAgent(tx, {
        ...row,
        triggers: [
          {
            ...{ id: newId('trigger'), name: 'On it', description: '', enabled: true },
            ...{
              type: given.type ?? 'event',
              config: given.config ?? { event: 'a.b', filter: [] },
            },
            ...{ hookKey: null, sealedSecret: null, isChanged: true },
          },
        ],
      }),
    );
    const agent = (await getAgent(deps.db, 'all', inserted.id)) as Agent;
    return { agent, trigger: agent.triggers[0] as Trigger };
  }

  function firing(more: Partial<Firing> = {}): Firing {
    return {
      ...{ workspaceId: workspace.id, source: 'event', eventType: 'a.b', triggerId: null },
      ...{ payloadJson: '{"n":1}', onceKey: null, occurredAt: null, causedByRunId: null, depth: 0 },
      candidates: [],
      ...more,
    };
  }

  async function verdictsOf(eventId: string) {
    return await deps.db.query<{
      agent_id: string;
      verdict: string;
      reason: string | null;
      run_id: string | null;
    }>({
      text: 'SELECT agent_id, verdict, reason, run_id FROM trigger_verdicts WHERE event_id = $1 ORDER BY n',
      values: [eventId],
    });
  }

  async function runsOfEvent(eventId: string) {
    return await deps.db.query<{ id: string; payload: string; wake_at: Date | null }>({
      text: 'SELECT id, payload, wake_at FROM runs WHERE trigger_event_id = $1 ORDER BY id',
      values: [eventId],
    });
  }

  return { agentWith, firing, verdictsOf, runsOfEvent };
}
