import type { AgentDefinition } from '../../src/core/agent.ts';
import {
  type Approval,
  type ApprovalAction,
  type ApprovalSettings,
  defaultApprovals,
} from '../../src/core/approval.ts';
import { newId } from '../../src/core/ids.ts';
import type { ModelMessage } from '../../src/core/model.ts';
import { createModelClient } from '../../src/models/client.ts';
import type { ScriptInput } from '../../src/models/script.ts';
import { decideApproval } from '../../src/runs/decide-approval.ts';
import { stepsOf } from '../../src/runs/steps.ts';
import { listApprovals } from '../../src/store/approval-lists.ts';
import type { Database } from '../../src/store/connect.ts';
import { readJournal } from '../../src/store/journal.ts';
import { requestApprovalTool } from '../../src/tools/request-approval.ts';
import { readersOf } from './agent-pair.ts';
import { functionTool, insertAgent, startTestEngine } from './engine.ts';
import { eventually } from './engine-process.ts';
import { callTurn, finishTurn } from './turns.ts';

/** Who decides in these tests. */
export const decider = { id: 'tk00000000000000000000000000boss', name: 'Boss', isAdmin: false };

export const settings = (more: Partial<ApprovalSettings>): ApprovalSettings => ({
  ...defaultApprovals,
  ...more,
});

/** A process with an agent that pays, which needs approval, and looks things up, which does not. */
export async function withAgent(
  database: Database,
  given: {
    readonly definition?: Partial<AgentDefinition>;
    readonly turns?: ScriptInput['turns'];
    /** What the process reaches the database by. */
    readonly db?: Database;
    readonly processName?: string;
  } = {},
) {
  const called: string[] = [];
  const asked: (readonly ModelMessage[])[] = [];
  const tool = (name: string) =>
    functionTool(name, async ({ of }) => {
      called.push(`${name} ${of}`);
      return 'ok';
    });
  const client = createModelClient({
    scripts: { test: { turns: given.turns ?? [callTurn('pay'), finishTurn()] } },
  });
  const models = {
    ...client,
    call: (request: Parameters<typeof client.call>[0]) => {
      asked.push(request.messages);
      return client.call(request);
    },
  };
  const engine = await startTestEngine({
    db: given.db ?? database,
    models,
    tools: [{ ...tool('pay'), requiresApproval: true }, tool('look'), requestApprovalTool],
    ...(given.processName === undefined ? {} : { processName: given.processName }),
  });
  await engine.start();
  const { agentId } = await insertAgent(database, given.definition ?? {});
  return {
    engine,
    agentId,
    called,
    /** The last of what the model was shown. */
    lastSaid: () => asked.at(-1)?.at(-1)?.text ?? '',
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** What a test asks of approvals. */
export function approvalsIn(db: Database) {
  const of = async (runId: string): Promise<readonly Approval[]> => {
    const page = await listApprovals(db, { scope: 'all', runId }, { limit: 50, after: null });
    return page.items.toReversed();
  };
  return {
    /** All of the run, the oldest first. */
    of,
    /** Those that the run waits for, once it is a row that waits for so many. */
    pending: async (runId: string, count = 1): Promise<readonly Approval[]> => {
      let found: readonly Approval[] = [];
      await eventually(async () => {
        found = (await of(runId)).filter(({ status }) => status === 'pending');
        return found.length === count;
      });
      await readersOf(db).waits(runId);
      return found;
    },
    decide: (id: string | undefined, action: ApprovalAction, note: string | null = null) =>
      decideApproval(db, { scope: 'all', id: id ?? '' }, { action, note, by: decider }),
    stepsIn: async (id: string): Promise<string[]> =>
      stepsOf(id, await readJournal(db, id)).map(
        ({ type, name, status }) => `${type} ${name} ${status}`,
      ),
  };
}

/** A question that waits for a decision, without a run that waits for it. */
export async function insertApproval(
  db: Database,
  of: { readonly workspaceId: string; readonly runId: string; readonly agentId: string },
): Promise<string> {
  const id = newId('approval');
  await db.execute({
    text: `INSERT INTO approvals (id, workspace_id, run_id, agent_id, step, kind, question, proposal, approvers,
        on_expiry, expires_at)
      VALUES ($1, $2, $3, $4, 1, 'run_start', 'May it run?', '{}', '{}', 'reject', now() + interval '1 day')`,
    values: [id, of.workspaceId, of.runId, of.agentId],
  });
  return id;
}
