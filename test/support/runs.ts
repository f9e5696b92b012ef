import { newId, newRunExecutionId } from '../../src/core/ids.ts';
import type { Queryable } from '../../src/store/connect.ts';
import type { JournalUnit, NewEntry } from '../../src/store/journal-unit.ts';

/** A workspace with one agent, as rows: for tests of the store that need no more of them. */
export async function insertAgentRow(
  db: Queryable,
): Promise<{ readonly workspaceId: string; readonly agentId: string }> {
  const workspaceId = newId('workspace');
  const agentId = newId('agent');
  await db.execute({
    text: 'INSERT INTO workspaces (id, name) VALUES ($1, $2)',
    values: [workspaceId, 'Test'],
  });
  await db.execute({
    text: `INSERT INTO agents (id, workspace_id, name, version, definition) VALUES ($1, $2, 'Test', 1, '{}')`,
    values: [agentId, workspaceId],
  });
  return { workspaceId, agentId };
}

/** A running run of the given owner, without any step. */
export async function insertRunRow(
  db: Queryable,
  of: { readonly workspaceId: string; readonly agentId: string; readonly owner: string | null },
): Promise<string> {
  const id = newId('run');
  await db.execute({
    text: `INSERT INTO runs (id, run_id, workspace_id, agent_id, agent_version, lane, payload, model, trace_id, status, owner, wake_at)
      VALUES ($1, $2, $3, $4, 1, $4, '{}', 'scripted/test', 'trace', $5, $6, $7)`,
    values: [
      id,
      newRunExecutionId(),
      of.workspaceId,
      of.agentId,
      of.owner === null ? 'accepted' : 'running',
      of.owner,
      of.owner === null ? new Date() : null,
    ],
  });
  return id;
}

/** A unit of one entry, which continues the run. */
export function unitOf(given: {
  readonly runId: string;
  readonly owner: string;
  readonly epoch: number;
  readonly seq: number;
  readonly text?: string;
}): JournalUnit {
  return {
    runId: given.runId,
    owner: given.owner,
    epoch: given.epoch,
    unitId: newId('unit'),
    entries: [modelEntry(given.seq, given.text ?? 'hello')],
    totals: { inputTokens: 1, outputTokens: 1, costUsd: null },
    next: { kind: 'continue' },
  };
}

export function modelEntry(seq: number, text: string): NewEntry {
  return {
    seq,
    step: seq,
    type: 'model',
    state: 'done',
    data: {
      model: 'scripted/test',
      text,
      reasoning: null,
      toolCalls: [],
      finishReason: 'stop',
      usage: {
        inputTokens: 1,
        outputTokens: 1,
        cachedInputTokens: 0,
        cacheWriteTokens: 0,
        reasoningTokens: 0,
      },
      costUsd: null,
      failedAttempts: [],
      durationMs: 1,
      nudge: null,
    },
  };
}
