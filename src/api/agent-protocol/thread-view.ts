import { isTerminal, type Run } from '../../core/run.ts';
import { readBeginnings, type SpokenMessage } from '../../store/chat-turns.ts';
import type { Queryable } from '../../store/connect.ts';
import type { NamedThread } from '../../store/named-threads.ts';
import { readLastRuns } from '../../store/runs.ts';

// Threads, their state and their runs, as the protocol shows them. The state of a thread is its messages.

/** What an answer shows of messages at most: of a thread the first, and of all its threads as many as fit. */
const shownAtMost = { maxMessages: 1_000, maxBytes: 10_000_000 } as const;

export async function valuesOf(db: Queryable, sessionId: string | null) {
  if (sessionId === null) return { messages: [] };
  const said = await readBeginnings(db, { conversationIds: [sessionId], ...shownAtMost });
  return valuesIn(said, sessionId);
}

function valuesIn(said: Awaited<ReturnType<typeof readBeginnings>>, sessionId: string | null) {
  return { messages: (said.get(sessionId ?? '') ?? []).map(showMessage) };
}

export function showMessage({ id, direction, body }: SpokenMessage) {
  return { id, type: direction === 'inbound' ? 'human' : 'ai', content: body };
}

export async function showThreads(db: Queryable, threads: readonly NamedThread[]) {
  const sessions = threads.flatMap(({ sessionId }) => sessionId ?? []);
  const last = await readLastRuns(db, sessions);
  const said = await readBeginnings(db, { conversationIds: sessions, ...shownAtMost });
  return threads.map((thread) => ({
    ...showHead(thread, last.get(thread.sessionId ?? '') ?? null),
    values: valuesIn(said, thread.sessionId),
  }));
}

export async function showThread(db: Queryable, thread: NamedThread) {
  return (await showThreads(db, [thread]))[0];
}

function showHead(thread: NamedThread, last: Run | null) {
  const { name, metadataJson, createdAt, updatedAt } = thread;
  return {
    thread_id: name,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    state_updated_at: (last?.completedAt ?? last?.createdAt ?? updatedAt).toISOString(),
    metadata: JSON.parse(metadataJson) as unknown,
    status: last === null ? 'idle' : statusAfter(last),
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
