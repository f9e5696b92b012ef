import { z } from 'zod';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { type Memory, memoryMaxima } from '../core/memory.ts';
import type { ScopedKey, WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import {
  deleteMemory,
  getMemory,
  insertMemory,
  type NewMemory,
  updateMemory,
  type WhyFull,
} from '../store/memories.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';

// The rules of memories, whoever writes them.

export const memoryFields = {
  content: z.string().min(1).max(memoryMaxima.contentLength).regex(/\S/, 'must not be blank'),
  entity_id: z.string().min(1).max(memoryMaxima.entityIdLength),
  pinned: z.boolean(),
} as const;

export interface MemoryDeps {
  readonly db: Database;
}

/** Writes a person's memory. Throws `conflict` where there is no room, `invalid_workspace`, `forbidden`. */
export function createMemory(
  deps: MemoryDeps,
  scope: WorkspaceScope,
  memory: Omit<NewMemory, 'id' | 'runId' | 'callKey'>,
  inTransaction?: InTransaction<Memory>,
): Promise<Memory> {
  return deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, scope, memory.workspaceId);
    const id = newId('memory');
    const written = await insertMemory(tx, { ...memory, id, runId: null, callKey: null });
    if (typeof written === 'string') throw full(written);
    await inTransaction?.(tx, written);
    return written;
  });
}

/** Changes what is given. Throws `not_found`, `conflict`. */
export function patchMemory(
  deps: MemoryDeps,
  key: ScopedKey,
  patch: { readonly content?: string | undefined; readonly pinned?: boolean | undefined },
): Promise<Memory> {
  return deps.db.transaction(async (tx) => {
    const before = await getMemory(tx, key.scope, key.id, { lock: true });
    if (before === null) throw noMemory(key.id);
    const { content = before.content, pinned = before.pinned } = patch;
    const written = await updateMemory(tx, before, { content, pinned });
    if (typeof written === 'string') throw full(written);
    return written;
  });
}

/** Throws `not_found`. */
export async function removeMemory(deps: MemoryDeps, key: ScopedKey): Promise<void> {
  if (!(await deleteMemory(deps.db, key.scope, key.id))) throw noMemory(key.id);
}

/** Throws `not_found`. */
export async function requireMemory(deps: MemoryDeps, key: ScopedKey): Promise<Memory> {
  const memory = await getMemory(deps.db, key.scope, key.id);
  if (memory === null) throw noMemory(key.id);
  return memory;
}

/** Why there is no room, in words for people and models. */
export function fullSentence(why: WhyFull): string {
  return why === 'full'
    ? `There are ${memoryMaxima.perKey} memories of this agent about this already: one must be forgotten first.`
    : `There are ${memoryMaxima.pinnedPerKey} pinned memories of this agent about this already: write it without pinning it.`;
}

function full(why: WhyFull): ApiError {
  return new ApiError('conflict', fullSentence(why));
}

function noMemory(id: string): ApiError {
  return new ApiError('not_found', `There is no memory ${id}.`);
}
