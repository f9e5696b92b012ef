import type { Message } from '../../core/conversation.ts';
import { isTerminal, type Run } from '../../core/run.ts';
import { readMessagesAfter } from '../../store/chat-turns.ts';
import type { Queryable } from '../../store/connect.ts';
import type { NamedThread } from '../../store/named-threads.ts';
import { listRuns } from '../../store/runs.ts';

// Threads, their state and their runs, as the protocol shows them. The state of a thread is its messages.

/** How many messages of a thread its state holds at most: the first. */
const maxMessages = 1_000;

export async function valuesOf(db: Queryable, sessionId: string | null) {
  if (sessionId === null) return { messages: [] };
  const of = { conversationId: sessionId, n: 0, limit: maxMessages };
  return { messages: (await readMessagesAfter(db, of)).map(showMessage) };
}

function showMessage({ id, direction, body }: Message) {
  return { id, type: direction === 'inbound' ? 'human' : 'ai', content: body };
}

export async function showThread(db: Queryable, thread: NamedThread) {
  const { sessionId, name, metadataJson, createdAt, updatedAt } = thread;
  const last = sessionId === null ? null : await lastRunOf(db, sessionId);
  return {
    thread_id: name,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    state_updated_at: (last?.completedAt ?? last?.createdAt ?? updatedAt).toISOString(),
    metadata: JSON.parse(metadataJson) as unknown,
    status: last === null ? 'idle' : statusAfter(last),
    values: await valuesOf(db, sessionId),
    interrupts: {},
    config: {},
    error: null,
  };
}

export async function showState(db: Queryable, thread: NamedThread) {
  const values = await valuesOf(db, thread.sessionId);
  return {
    values,
    next: [],
    checkpoint: {
      thread_id: thread.name,
      checkpoint_ns: '',
      checkpoint_id: String(values.messages.length),
      checkpoint_map: null,
    },
    metadata: {},
    created_at: thread.updatedAt.toISOString(),
    parent_checkpoint: null,
    tasks: [],
  };
}

const runStatus: Readonly<Record<Run['status'], string>> = {
  accepted: 'pending',
  running: 'running',
  waiting: 'running',
  completed: 'success',
  failed: 'error',
  cancelled: 'interrupted',
};

export function showRun(run: Run, threadId: string | null) {
  const status = run.stopReason === 'timeout' ? 'timeout' : runStatus[run.status];
  return {
    run_id: run.id,
    thread_id: threadId ?? run.conversationId ?? run.id,
    assistant_id: run.agentId,
    created_at: run.createdAt.toISOString(),
    updated_at: (run.completedAt ?? run.startedAt ?? run.createdAt).toISOString(),
    status,
    metadata: { disposition: run.disposition, run_id: run.runId },
    multitask_strategy: 'enqueue',
  };
}

function statusAfter(run: Run): string {
  if (!isTerminal(run.status)) return 'busy';
  return run.status === 'failed' ? 'error' : 'idle';
}

async function lastRunOf(db: Queryable, conversationId: string): Promise<Run | null> {
  const page = { limit: 1, after: null };
  return (await listRuns(db, { scope: 'all', conversationId }, page)).items[0] ?? null;
}
