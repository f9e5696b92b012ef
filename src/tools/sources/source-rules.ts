import { ApiError } from '../../core/errors.ts';
import type { ToolSource } from '../../core/tool-source.ts';
import { listAgentsNamingSource } from '../../store/agents-naming.ts';
import type { Queryable } from '../../store/connect.ts';

// Rules that hold for every source of tools.

/** Throws `conflict` while agents name tools of the source. */
export async function requireUnnamedSource(
  tx: Queryable,
  source: Pick<ToolSource, 'workspaceId' | 'name'>,
  done: 'renamed' | 'deleted',
): Promise<void> {
  const agents = await listAgentsNamingSource(tx, source.workspaceId, source.name);
  if (agents.length === 0) return;
  const names = agents.map((name) => `"${name}"`).join(', ');
  throw new ApiError(
    'conflict',
    `"${source.name}" cannot be ${done}: its tools are named in "tools" of the agents ${names}. Take them out there first.`,
  );
}

export function sourceNameTaken(name: string): ApiError {
  return new ApiError(
    'conflict',
    `There is an MCP server or OpenAPI document named "${name}" in the workspace already.`,
    { details: { name: 'is taken in this workspace; choose another' } },
  );
}
