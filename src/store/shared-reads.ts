import type { Agent } from '../core/agent.ts';
import type { Feedback } from '../core/feedback.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Credential } from '../core/token.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgent } from './agents.ts';
import type { Queryable } from './connect.ts';
import { listFeedback } from './feedback.ts';
import { GroupRead } from './group-read.ts';
import { findHooks, type Hook } from './hooks.ts';
import { readJournals } from './journal.ts';
import { findTokenByHash } from './tokens.ts';

/**
 * What many requests at once ask for, read once for all of them. Each answer is of a query that began after
 * it was asked for: a revoked token or a changed agent is seen at once.
 */
export interface SharedReads {
  /** Whom the hash of a secret stands for; null when unknown, expired or revoked. */
  token(secretHash: Buffer): Promise<Credential | null>;
  /** The agent by id or number; null when there is none in the scope. */
  agent(scope: WorkspaceScope, idOrNumber: string): Promise<Agent | null>;
  /** The webhook trigger that the key with this hash leads to now; null when there is none. */
  hook(keyHash: Buffer): Promise<Hook | null>;
  /** All entries of a run that the caller has read in its scope. */
  journal(runId: string): Promise<readonly JournalEntry[]>;
  /** What people said of a run that the caller has read in its scope, the oldest first. */
  feedback(runId: string): Promise<readonly Feedback[]>;
}

export function createSharedReads(db: Queryable): SharedReads {
  const tokens = new GroupRead<string, Credential | null>({
    read: (hashes) =>
      Promise.all(hashes.map((hash) => findTokenByHash(db, Buffer.from(hash, 'hex')))),
    maxKeys: 4,
  });
  const agents = new GroupRead<string, Agent | null>({
    read: (keys) =>
      Promise.all(
        keys.map((key) => {
          const [scope, idOrNumber] = JSON.parse(key) as [WorkspaceScope, string];
          return getAgent(db, scope, idOrNumber);
        }),
      ),
    maxKeys: 4,
  });
  const hooks = new GroupRead<string, Hook | null>({
    read: (hashes) => findHooks(db, hashes),
    maxKeys: 256,
  });
  const journals = new GroupRead<string, readonly JournalEntry[]>({
    read: (ids) => readJournals(db, ids),
    maxKeys: 64,
  });
  const feedback = new GroupRead<string, readonly Feedback[]>({
    read: async (ids) => {
      const byRun = Map.groupBy(await listFeedback(db, ids), ({ runId }) => runId);
      return ids.map((id) => byRun.get(id) ?? []);
    },
    maxKeys: 256,
  });
  return {
    token: (secretHash) => tokens.read(secretHash.toString('hex')),
    agent: (scope, idOrNumber) => agents.read(JSON.stringify([scope, idOrNumber])),
    hook: (keyHash) => hooks.read(keyHash.toString('hex')),
    journal: (runId) => journals.read(runId),
    feedback: (runId) => feedback.read(runId),
  };
}
