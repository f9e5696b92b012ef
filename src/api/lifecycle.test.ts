import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';

// Agents, their runs and tokens in any order of creating, patching, dispatching, cancelling and deleting, on two workspaces at
// once, beside a model of what must be there: every answer is the model's, whoever asks.

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

type Side = 0 | 1;

interface AgentModel {
  readonly id: string;
  readonly side: Side;
  name: string;
  enabled: boolean;
  version: number;
  isDeleted: boolean;
}

interface RunModel {
  readonly id: string;
  readonly agent: AgentModel;
  isCancelled: boolean;
}

interface TokenModel {
  readonly id: string;
  readonly side: Side;
  readonly secret: string;
  isRevoked: boolean;
}

interface Model {
  readonly agents: AgentModel[];
  readonly runs: RunModel[];
  readonly tokens: TokenModel[];
}

/** The agent of the so-manieth turn, deleted ones included; undefined while there is none. */
function pick<T>(list: readonly T[], n: number): T | undefined {
  return list.length === 0 ? undefined : list[n % list.length];
}

const tokenOf = (side: Side) => (side === 0 ? api.tokens.write : api.tokens.other);
const workspaceOf = (side: Side) => (side === 0 ? api.workspace.id : api.otherWorkspace.id);
const as = (side: Side, method: string, path: string, body?: object) =>
  api.request(method, path, { token: tokenOf(side), ...(body === undefined ? {} : { body }) });

interface Operation {
  readonly what: 'create' | 'patch' | 'dispatch' | 'cancel' | 'delete' | 'token' | 'revoke';
  /** Who asks: their own workspace, or the other one's. */
  readonly side: Side;
  readonly n: number;
  readonly enabled: boolean;
}

/** What the model says that the answer's status is, for something of `side` that may be gone. */
function seen(target: { readonly side: Side }, by: Side, isGone: boolean): 404 | null {
  return target.side !== by || isGone ? 404 : null;
}

async function play(model: Model, { what, side, n, enabled }: Operation): Promise<void> {
  const agent = pick(model.agents, n);
  const run = pick(model.runs, n);
  if (what === 'create') {
    const made = await as(side, 'POST', '/v1/agents', {
      ...{
        workspace_id: workspaceOf(side),
        name: `Agent ${n}`,
        description: 'D',
        instructions: 'I',
      },
      ...{ enabled, triggers: [{ name: 'Called', type: 'webhook', config: {} }] },
    });
    expect(made.status).toBe(201);
    const { id } = made.json.data;
    model.agents.push({ id, side, name: `Agent ${n}`, enabled, version: 1, isDeleted: false });
  } else if (what === 'patch' && agent !== undefined) {
    const path = `/v1/agents/${agent.id}`;
    const answer = await as(side, 'PATCH', path, { name: `Renamed ${n}`, enabled });
    expect(answer.status).toBe(seen(agent, side, agent.isDeleted) ?? 200);
    if (answer.status === 200) Object.assign(agent, { name: `Renamed ${n}`, enabled });
  } else if (what === 'dispatch' && agent !== undefined) {
    const answer = await as(side, 'POST', `/v1/agents/${agent.id}/run`, {});
    const expected = seen(agent, side, agent.isDeleted) ?? (agent.enabled ? 200 : 422);
    expect(answer.status, answer.text).toBe(expected);
    if (answer.status === 200) {
      model.runs.push({ id: answer.json.data.id, agent, isCancelled: false });
    }
  } else if (what === 'cancel' && run !== undefined) {
    const path = `/v1/agents/${run.agent.id}/runs/${run.id}/cancel`;
    const answer = await as(side, 'POST', path);
    if (run.agent.side !== side) expect(answer.status).toBe(404);
    else if (run.agent.isDeleted) expect([200, 404, 409]).toContain(answer.status);
    else expect(answer.status).toBe(run.isCancelled ? 409 : 200);
    if (answer.status === 200) run.isCancelled = true;
  } else if (what === 'delete' && agent !== undefined) {
    const answer = await as(side, 'DELETE', `/v1/agents/${agent.id}`);
    expect(answer.status).toBe(seen(agent, side, agent.isDeleted) ?? 200);
    if (answer.status === 200) agent.isDeleted = true;
  } else if (what === 'token') {
    const body = { name: 'T', access: 'read', workspace_ids: [workspaceOf(side)] };
    const made = await api.request('POST', '/v1/tokens', { token: api.tokens.admin, body });
    expect(made.status).toBe(201);
    const { id, token: secret } = made.json.data;
    model.tokens.push({ id, side, secret, isRevoked: false });
  } else if (what === 'revoke') {
    const token = pick(model.tokens, n);
    if (token === undefined) return;
    const answer = await api.request('DELETE', `/v1/tokens/${token.id}`, {
      token: api.tokens.admin,
    });
    expect(answer.status).toBe(token.isRevoked ? 404 : 200);
    token.isRevoked = true;
  }
}

/** Everything that the model knows is as it says, for both workspaces and by every token. */
async function compare(model: Model): Promise<void> {
  for (const side of [0, 1] as const) {
    for (const agent of model.agents) {
      const answer = await as(side, 'GET', `/v1/agents/${agent.id}`);
      expect(answer.status).toBe(seen(agent, side, agent.isDeleted) ?? 200);
      if (answer.status === 200) {
        expect(answer.json.data).toMatchObject({ name: agent.name, enabled: agent.enabled });
        expect(answer.json.data.workspace_id).toBe(workspaceOf(side));
      }
    }
    for (const run of model.runs) {
      const { status, json } = await as(side, 'GET', `/v1/runs/${run.id}`);
      expect(status).toBe(run.agent.side === side ? 200 : 404);
      if (status === 200 && run.isCancelled) expect(json.data.status).toBe('failed');
    }
  }
  for (const { secret, side, isRevoked } of model.tokens) {
    for (const agent of model.agents) {
      const { status } = await api.request('GET', `/v1/agents/${agent.id}`, { token: secret });
      expect(status).toBe(isRevoked ? 401 : (seen(agent, side, agent.isDeleted) ?? 200));
    }
  }
}

const operations = fc.array(
  fc.record<Operation>({
    what: fc.constantFrom('create', 'patch', 'dispatch', 'cancel', 'delete', 'token', 'revoke'),
    side: fc.constantFrom(0, 1),
    n: fc.nat(20),
    enabled: fc.boolean(),
  }),
  { minLength: 4, maxLength: 24 },
);

test('create, patch, dispatch, cancel and delete come to the same in every order, on two workspaces', async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (played) => {
      const model: Model = { agents: [], runs: [], tokens: [] };
      await play(model, { what: 'create', side: 0, n: 0, enabled: true });
      await play(model, { what: 'create', side: 1, n: 1, enabled: true });
      for (const operation of played) await play(model, operation);
      await compare(model);
    }),
    { numRuns: Number(process.env.SIGNALBOX_LIFECYCLE_RUNS ?? 15), seed: 8 },
  );
}, 300_000);
