import type { ModelClient } from '../../src/core/model.ts';
import { createTestedApi } from './agent-tests.ts';
import { functionTool } from './engine.ts';

export type TestedDesk = Awaited<ReturnType<typeof createTestedDesk>>;

/** An API with agents that look orders up, and cases that test them. `lookedUp`: the orders that really were. */
export async function createTestedDesk(models: ModelClient) {
  const lookedUp: string[] = [];
  const lookUp = functionTool('look-up', async (input) => {
    lookedUp.push(String(input.order));
    return { state: 'shipped' };
  });
  const api = await createTestedApi({ models, tools: [lookUp] });
  const create = async (path: string, body: object): Promise<string> => {
    const made = await api.request('POST', path, { body });
    if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
    return made.json.data.id;
  };
  return {
    ...api,
    lookedUp,
    makeAgent: (instructions = 'look up the order') =>
      create('/v1/agents', {
        ...{ workspace_id: api.workspace.id, name: 'Desk', description: 'A desk.' },
        instructions,
      }),
    makeCase: (agent_id: string, body: object = {}) =>
      create('/v1/tests', {
        ...{ agent_id, name: 'Tells the state', payload: { order: 'o1' } },
        ...body,
      }),
  };
}
