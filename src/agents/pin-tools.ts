import type { AgentDefinition } from '../core/agent.ts';
import type { Queryable } from '../store/connect.ts';
import { readToolPins } from '../store/tool-pins.ts';

// Tests passed on an agent with its tools as they were: the versions of an agent with a gate keep them, and a
// tool that is edited reaches such an agent with its next tested version only.

/** The definition with its custom tools, and those enabled globally, as they are now. */
export async function pinTools(
  tx: Queryable,
  workspaceId: string,
  definition: AgentDefinition,
): Promise<AgentDefinition> {
  const named = definition.tools ?? [];
  const found = await readToolPins(tx, { workspaceId, named });
  return { ...definition, tool_pins: Object.fromEntries(found.map(({ id, pin }) => [id, pin])) };
}

/** The same, but what has a pin keeps it. */
export async function pinNewTools(
  tx: Queryable,
  workspaceId: string,
  definition: AgentDefinition,
): Promise<AgentDefinition> {
  const { tool_pins: pins, tools } = definition;
  if (pins === undefined) return await pinTools(tx, workspaceId, definition);
  const found = await readToolPins(tx, { workspaceId, named: tools ?? [] });
  const added = found.filter(({ id, name }) => pins[id] === undefined && tools?.includes(name));
  if (added.length === 0) return definition;
  const fresh = Object.fromEntries(added.map(({ id, pin }) => [id, pin]));
  return { ...definition, tool_pins: { ...pins, ...fresh } };
}

/** The definition that takes its tools as they are. */
export function withoutPins({ tool_pins: _, ...definition }: AgentDefinition): AgentDefinition {
  return definition;
}
