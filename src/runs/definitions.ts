import type { AgentDefinition } from '../core/agent.ts';
import type { Run } from '../core/run.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import type { Queryable } from '../store/connect.ts';
import { KeptReads } from '../store/kept-reads.ts';

/** By what a run goes: the definition of its agent's version. Throws when there is none. */
export type Definitions = (
  run: Pick<Run, 'workspaceId' | 'agentId' | 'agentVersion'>,
) => Promise<AgentDefinition>;

/** Definitions read once: a saved version never changes. The most recently used ones are kept. */
export function createDefinitions(db: Queryable, maxKept = 1_000): Definitions {
  const kept = new KeptReads<AgentDefinition>(maxKept);
  return (run) =>
    kept.get(`${run.workspaceId} ${run.agentId} ${run.agentVersion}`, () =>
      readDefinition(db, run),
    );
}

async function readDefinition(
  db: Queryable,
  run: Pick<Run, 'workspaceId' | 'agentId' | 'agentVersion'>,
): Promise<AgentDefinition> {
  const found = await getAgentVersion(db, [run.workspaceId], {
    agentId: run.agentId,
    version: run.agentVersion,
  });
  if (found !== null) return found.definition;
  throw new Error(`Version ${run.agentVersion} of agent ${run.agentId} does not exist.`);
}
