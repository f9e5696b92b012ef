import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { newNodeId } from '../core/ids.ts';
import type { KnowledgeNode, SourceType } from '../core/knowledge.ts';
import { refusal, refuse } from '../core/validate.ts';
import type { ScopedKey, WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { dropFile, type NodeFile, putFile, unreadFile } from '../store/kb-files.ts';
import {
  deleteNodes,
  findNodeBySource,
  getNode,
  heightOf,
  insertNode,
  isLiveNode,
  lockSpace,
  settleBelow,
  updateNode,
} from '../store/kb-nodes.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { nodeMaxima } from './node-input.ts';

// The rules of the tree. Whoever changes it holds the workspace's space, so that a move never makes a circle.

export interface KnowledgeDeps {
  readonly db: Database;
  /** There is something to index: look at once. */
  readonly nudge: () => void;
}

export interface NewNode {
  readonly workspaceId: string;
  readonly title: string;
  readonly isDirectory: boolean;
  readonly body: string | null;
  /** What the body is to be read from, in its place. */
  readonly file: NodeFile | null;
  readonly sourceType: SourceType;
  readonly parentId: string | null;
  readonly chunkBody: boolean;
  readonly entityIds: readonly string[];
  readonly tags: readonly string[];
  readonly metadataJson: string;
  readonly enabled: boolean;
  readonly language: string | null;
  readonly source: string;
  readonly sourceId: string | null;
  readonly createdBy: string | null;
}

/** Throws `validation_error`, and `conflict` when the source has a node of that id. */
export async function createNode(
  deps: KnowledgeDeps,
  given: NewNode,
  inTransaction?: InTransaction<KnowledgeNode>,
): Promise<KnowledgeNode> {
  checkContent(given);
  const node = await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', given.workspaceId);
    await lockSpace(tx, given.workspaceId);
    const parent = await parentOf(tx, given.workspaceId, given.parentId);
    requireDepth(parent === null ? 0 : parent.ancestors.length + 1);
    await requireNewSource(tx, given);
    const made = await insertNode(tx, {
      ...given,
      id: newNodeId(),
      ancestors: pathBelow(parent),
      isLive: given.enabled && (parent === null || (await isLiveNode(tx, parent.id))),
    });
    await inTransaction?.(tx, made);
    return made;
  });
  deps.nudge();
  return node;
}

export interface NodePatch {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  /** Read in place of what the node had. */
  readonly file?: NodeFile | undefined;
  readonly sourceType?: SourceType | undefined;
  readonly parentId?: string | null | undefined;
  readonly chunkBody?: boolean | undefined;
  readonly entityIds?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadataJson?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly language?: string | null | undefined;
}

/** Changes what is given. Throws `not_found`, `validation_error`. */
export async function patchNode(
  deps: KnowledgeDeps,
  key: ScopedKey,
  patch: NodePatch,
): Promise<KnowledgeNode> {
  const { workspaceId } = await requireNode(deps.db, key.scope, key.id);
  const node = await deps.db.transaction(async (tx) => {
    await lockSpace(tx, workspaceId);
    const before = await requireNode(tx, key.scope, key.id);
    const given = givenFields(patch);
    if (before.isDirectory && (given.body !== undefined || given.file !== undefined)) {
      throw refusal(new Map([['body', 'is of files only: a directory has none']]));
    }
    const after = { ...before, ...given };
    checkContent(after);
    const parent = await placeOf(tx, before, given.parentId);
    const ancestors = parent === undefined ? before.ancestors : pathBelow(parent);
    const parentId = ancestors.at(-1) ?? null;
    const isLive = after.enabled && (parentId === null || (await isLiveNode(tx, parentId)));
    if (given.file !== undefined) await putFile(tx, before.id, given.file);
    else if (given.body !== undefined) await dropFile(tx, before.id);
    const sourceType =
      given.body === undefined || given.file !== undefined
        ? after.sourceType
        : (given.sourceType ?? (before.sourceType === 'text' ? 'text' : 'markdown'));
    const saved = await updateNode(tx, before.id, {
      ...after,
      parentId,
      ancestors,
      isLive,
      sourceType,
      change: changeOf(before, after, given),
    });
    if (before.isDirectory) await settleBelow(tx, before.id);
    return saved;
  });
  deps.nudge();
  return node;
}

/** The node and all below it. Throws `not_found`. */
export async function removeNode(
  deps: KnowledgeDeps,
  scope: WorkspaceScope,
  id: string,
): Promise<void> {
  const { workspaceId } = await requireNode(deps.db, scope, id);
  await deps.db.transaction(async (tx) => {
    await lockSpace(tx, workspaceId);
    if ((await deleteNodes(tx, id)) === 0) throw noNode(id);
  });
  deps.nudge();
}

/** Has a web page fetched, and what failed tried, again. Throws `not_found`, `conflict`. */
export async function refreshNode(
  deps: KnowledgeDeps,
  scope: WorkspaceScope,
  id: string,
): Promise<KnowledgeNode> {
  const { workspaceId } = await requireNode(deps.db, scope, id);
  const node = await deps.db.transaction(async (tx) => {
    await lockSpace(tx, workspaceId);
    const before = await requireNode(tx, scope, id);
    if (before.isDirectory) {
      throw new ApiError('conflict', 'A directory has nothing to be read anew.');
    }
    if (before.url !== null) await unreadFile(tx, id);
    const isLive = await isLiveNode(tx, id);
    return await updateNode(tx, id, { ...before, isLive, change: 'reread' });
  });
  deps.nudge();
  return node;
}

/** Throws `not_found`. */
export async function requireNode(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<KnowledgeNode> {
  const node = await getNode(db, scope, id);
  if (node === null) throw noNode(id);
  return node;
}

function noNode(id: string): ApiError {
  return new ApiError('not_found', `There is no knowledge node ${id}.`);
}

function changeOf(
  before: KnowledgeNode,
  after: KnowledgeNode,
  given: NodePatch,
): 'content' | 'reread' | 'index' | 'none' {
  if (before.isDirectory) return 'none';
  if (given.file !== undefined) return 'reread';
  if (after.body !== before.body || after.title !== before.title) return 'content';
  const isReadOtherwise =
    after.chunkBody !== before.chunkBody || after.language !== before.language;
  return isReadOtherwise ? 'index' : 'none';
}

/** The directory that it is moved below; null is the root, undefined leaves it where it is. */
async function placeOf(
  tx: Queryable,
  node: KnowledgeNode,
  parentId: string | null | undefined,
): Promise<KnowledgeNode | null | undefined> {
  if (parentId === undefined || parentId === node.parentId) return undefined;
  const parent = await parentOf(tx, node.workspaceId, parentId);
  if (parent !== null && (parent.id === node.id || parent.ancestors.includes(node.id))) {
    throw refusal(new Map([['parent_id', 'is the node itself or below it; choose another place']]));
  }
  requireDepth((parent === null ? 0 : parent.ancestors.length + 1) + (await heightOf(tx, node)));
  return parent;
}

async function parentOf(
  tx: Queryable,
  workspaceId: string,
  parentId: string | null,
): Promise<KnowledgeNode | null> {
  if (parentId === null) return null;
  const parent = await getNode(tx, [workspaceId], parentId);
  if (parent?.isDirectory === true) return parent;
  const problem =
    parent === null ? 'is no node of this workspace' : 'is a file; only directories hold nodes';
  throw refusal(new Map([['parent_id', problem]]));
}

function pathBelow(parent: KnowledgeNode | null): readonly string[] {
  return parent === null ? [] : [...parent.ancestors, parent.id];
}

function requireDepth(above: number): void {
  if (above <= nodeMaxima.depth) return;
  const problem = `is too deep: directories may be ${nodeMaxima.depth} levels deep`;
  throw refusal(new Map([['parent_id', problem]]));
}

async function requireNewSource(tx: Queryable, given: NewNode): Promise<void> {
  const { workspaceId, source, sourceId } = given;
  if (sourceId === null) return;
  const there = await findNodeBySource(tx, { workspaceId, source, sourceId });
  if (there === null) return;
  throw new ApiError(
    'conflict',
    `Node ${there.id} of the source "${source}" has this source_id already. Change that one.`,
  );
}

function checkContent(node: {
  readonly body: string | null;
  readonly chunkBody: boolean;
  readonly metadataJson: string;
}): void {
  const problems = new Map<string, string>();
  if (!node.chunkBody && (node.body?.length ?? 0) > nodeMaxima.wholeBody) {
    problems.set(
      'chunk_body',
      `can be false for up to ${nodeMaxima.wholeBody} characters of body only`,
    );
  }
  if (node.metadataJson.length > nodeMaxima.metadataLength) {
    problems.set('metadata', `must have at most ${nodeMaxima.metadataLength} characters as JSON`);
  }
  refuse(problems);
}
