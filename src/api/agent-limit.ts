import { ZodObject, type ZodType } from 'zod';
import { ApiError } from '../core/errors.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { findAgentLabel } from '../store/agent-labels.ts';
import { getRun } from '../store/runs.ts';
import { getScheduledRun } from '../store/scheduled-runs.ts';
import { alwaysOpen } from './authorize.ts';
import type { Caller } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import type { Resource, Route } from './route.ts';

// Tokens for certain agents. They reach what belongs to an agent, when the request names one of theirs: in
// its path, by a run or a scheduled run of it, in a filter or in a body. Whatever names none is refused, new
// routes included. What the agents themselves may ask of others, their definitions say, not this.

const belongsToAgents: readonly Resource[] = ['agent', 'run', 'schedule'];
const agentFields = ['agent_id', 'workflow_id', 'assistant_id'] as const;

/** Throws `forbidden` where no agent is named, `not_found` where it is none of the token's. */
export async function requireOwnAgent(
  deps: Pick<ApiDeps, 'db'>,
  route: Pick<Route, 'path' | 'resource' | 'right' | 'query' | 'body'>,
  request: {
    readonly caller: Caller;
    readonly scope: WorkspaceScope;
    readonly params: Readonly<Record<string, string>>;
    readonly query: unknown;
    readonly body: unknown;
  },
): Promise<void> {
  const { agentIds } = request.caller.limits;
  if (agentIds === null || route.right === 'public') return;
  if (alwaysOpen.includes(route.resource) && route.right === 'read') return;
  const named = belongsToAgents.includes(route.resource) ? namesIn(route, request) : [];
  if (named.length === 0) {
    throw new ApiError(
      'forbidden',
      'The token is for certain agents, and this request names none: give agent_id where the route takes it.',
    );
  }
  for (const { kind, name } of named) {
    const agentId = await agentOf(deps, request.scope, { kind, name });
    if (agentId === null || !agentIds.includes(agentId)) {
      throw new ApiError('not_found', `There is no ${kind} ${name}.`);
    }
  }
}

interface Named {
  readonly kind: 'agent' | 'run' | 'scheduled run';
  readonly name: string;
}

const segments: Readonly<Record<string, Named['kind']>> = {
  agents: 'agent',
  assistants: 'agent',
  runs: 'run',
  executions: 'run',
  schedules: 'scheduled run',
  'scheduled-work': 'scheduled run',
};

/** The object that the path begins with, and the agent of filter and body, where the route reads it there. */
function namesIn(
  { path, ...shapes }: Pick<Route, 'path' | 'query' | 'body'>,
  { params, query, body }: Pick<Parameters<typeof requireOwnAgent>[2], 'params' | 'query' | 'body'>,
): Named[] {
  const named: Named[] = [];
  const [, segment = '', param = ''] = /([a-z-]+)\/\{([a-z_]+)\}/.exec(path) ?? [];
  const kind = segments[segment];
  const name = params[param];
  if (param !== '' && kind === undefined) return [];
  if (kind !== undefined && name !== undefined) named.push({ kind, name });
  for (const [shape, given] of [
    [shapes.query, query],
    [shapes.body, body],
  ] as const) {
    for (const field of agentFields.filter((name) => isRead(shape, name))) {
      const value = (given as Readonly<Record<string, unknown>> | null | undefined)?.[field];
      if (value !== undefined && value !== null) named.push({ kind: 'agent', name: String(value) });
    }
  }
  return named;
}

/** A field that the route does not know narrows nothing, whatever it names. */
function isRead(shape: ZodType | undefined, field: string): boolean {
  return shape instanceof ZodObject && Object.hasOwn(shape.shape, field);
}

async function agentOf(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  { kind, name }: Named,
): Promise<string | null> {
  if (kind === 'agent') return (await findAgentLabel(deps.db, scope, name))?.id ?? null;
  if (kind === 'run') return (await getRun(deps.db, scope, name))?.agentId ?? null;
  return (await getScheduledRun(deps.db, scope, name))?.agentId ?? null;
}
