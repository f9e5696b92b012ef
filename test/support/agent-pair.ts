import type { AgentDefinition } from '../../src/core/agent.ts';
import type { Run } from '../../src/core/run.ts';
import type { ScriptInput } from '../../src/models/script.ts';
import { toolTraceOf } from '../../src/runs/steps.ts';
import { getAgent } from '../../src/store/agents.ts';
import type { Database } from '../../src/store/connect.ts';
import { readJournal } from '../../src/store/journal.ts';
import { getRun } from '../../src/store/runs.ts';
import { insertAgent } from './engine.ts';
import { eventually } from './engine-process.ts';
import { callTurn, finishTurn } from './turns.ts';

export interface AgentPair {
  readonly workspaceId: string;
  readonly parentId: string;
  readonly helperId: string;
  /** The name under which the parent's model sees the helper. */
  readonly tool: string;
}

/** An agent (model `scripted/parent`) that may call another (`scripted/helper`). */
export async function insertAgentPair(
  db: Database,
  given: {
    readonly parent?: Partial<AgentDefinition>;
    readonly helper?: Partial<AgentDefinition>;
    readonly workspaceId?: string;
  } = {},
): Promise<AgentPair> {
  const helper = await insertAgent(
    db,
    { name: 'Helper', model: 'scripted/helper', ...given.helper },
    given.workspaceId,
  );
  const { workspaceId, agentId: helperId } = helper;
  const tools = [`agent:${helperId}`];
  const parent = { model: 'scripted/parent', tools, ...given.parent };
  const { agentId: parentId } = await insertAgent(db, parent, workspaceId);
  const agent = await getAgent(db, 'all', helperId);
  return { workspaceId, parentId, helperId, tool: `agent_${agent?.number}_helper` };
}

/** A model's answer that calls the tools, each with a message. */
export const askTurn = (...names: string[]) => ({
  answer: {
    text: 'asking',
    tool_calls: names.map((name) => ({ name, arguments: { message: 'Help me.' } })),
  },
});

// Scripts of both. Every answer costs 3 USD.

export const price = { input: 1_000_000, output: 1_000_000 };
const usage = { input_tokens: 2, output_tokens: 1 };
export const priced = (turn: { readonly answer: object }) => ({
  answer: { ...turn.answer, usage },
});
export const helps: ScriptInput = {
  turns: [priced(finishTurn({ response: 'Done.', output: { n: 7 } }))],
  price,
};
export const never: ScriptInput = {
  turns: [{ answer: { text: 'late', delay_ms: 600_000 } }],
  price,
};
/** Of ten tokens read, eight are from a cache, at half the price. */
export const cached: ScriptInput = {
  turns: [
    {
      answer: {
        ...finishTurn().answer,
        usage: { input_tokens: 10, output_tokens: 1, cached_input_tokens: 8 },
      },
    },
  ],
  price: { ...price, cached_input: 500_000 },
};
/** After one answer. */
export const fails: ScriptInput = {
  turns: [
    priced(callTurn('nothing')),
    { answer: { error: { kind: 'bad_request', message: 'No.' } } },
  ],
  price,
};
/** Each of the rounds' calls, then the end. */
export const asks = (...rounds: string[][]): ScriptInput => ({
  turns: [...rounds.map((names) => priced(askTurn(...names))), priced(finishTurn())],
  price,
});

/** What a test asks of the runs below others. */
export function readersOf(db: Database) {
  const runOf = async (id: string): Promise<Run> => {
    const run = await getRun(db, 'all', id);
    if (run === null) throw new Error(`no run ${id}`);
    return run;
  };
  return {
    runOf,
    childrenOf: async (id: string): Promise<Run[]> => {
      const rows = await db.query<{ id: string }>({
        text: 'SELECT id FROM runs WHERE parent_run_id = $1 ORDER BY id',
        values: [id],
      });
      return await Promise.all(rows.map((row) => runOf(row.id)));
    },
    traceOf: async (id: string) => toolTraceOf(id, await readJournal(db, id)),
    /** Resolves when the run is a row that waits. */
    waits: (id: string) =>
      eventually(async () => {
        const { status, owner } = await runOf(id);
        return status === 'waiting' && owner === null;
      }),
  };
}
