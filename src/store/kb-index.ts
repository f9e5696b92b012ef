import type { SourceType } from '../core/knowledge.ts';
import { fromStorableText, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';
import { type ClaimedNode, holdClaim } from './kb-claims.ts';

// Chunks and their postings. All that search finds of a node changes in one transaction, so a reader sees the
// version before or the new one, whole. A chunk whose text and headings are as before is kept, vector included.

export interface ChunkToStore {
  readonly id: string;
  readonly hash: Buffer;
  readonly context: string;
  readonly text: string;
  /** Words of both, for the text search configuration to read. */
  readonly contextWords: string;
  readonly textWords: string;
}

export interface Publication {
  /** A text search configuration. */
  readonly language: string;
  readonly chunks: readonly ChunkToStore[];
  /** What was read of a file or page; null where the body stood in the node. */
  readonly readBody: {
    readonly body: string;
    readonly title: string | null;
    readonly sourceType: SourceType;
  } | null;
  /** Vectors are wanted: what has none yet is to be embedded afterwards. */
  readonly embeddingModel: string | null;
}

/** Rows of a statement; a large document is many statements of one transaction. */
const batchSize = 200;

/** Puts a node's chunks in place of those before. Null: the claim was lost, and nothing is written. */
export async function publishChunks(
  db: Database,
  node: ClaimedNode,
  publication: Publication,
): Promise<{ readonly added: number; readonly kept: number; readonly removed: number } | null> {
  return await db.transaction(
    async (tx) => {
      if (!(await holdClaim(tx, node))) return null;
      const spaceNo = await spaceOf(tx, node.workspaceId);
      const plan = await planChange(tx, node.id, publication.chunks);
      const gone = await removeChunks(tx, spaceNo, plan.removed);
      await movePositions(tx, plan.moved);
      let tokens = 0;
      for (let at = 0; at < plan.added.length; at += batchSize) {
        const batch = plan.added.slice(at, at + batchSize);
        tokens += await addChunks(tx, { spaceNo, node, language: publication.language, batch });
      }
      await noteLanguage(tx, spaceNo, publication.language);
      await finishNode(tx, node, publication);
      // Last, since every publication of the workspace writes this row.
      await tx.execute({
        name: 'count_kb_chunks',
        text: `UPDATE kb_spaces SET chunk_count = chunk_count + $2, token_count = token_count + $3
          WHERE no = $1`,
        values: [spaceNo, plan.added.length - plan.removed.length, tokens - gone],
      });
      return {
        added: plan.added.length,
        kept: plan.kept,
        removed: plan.removed.length,
      };
    },
    { statementTimeoutMs: 30_000, transactionTimeoutMs: 300_000 },
  );
}

/** Takes what is left of a deleted node out, and the node with it. */
export async function purgeNode(db: Database, node: ClaimedNode): Promise<void> {
  await db.transaction(
    async (tx) => {
      if (!(await holdClaim(tx, node))) return;
      const spaceNo = await spaceOf(tx, node.workspaceId);
      const rows = await tx.query<{ no: number }>({
        text: 'SELECT no FROM kb_chunks WHERE node_id = $1',
        values: [node.id],
      });
      const nos = rows.map(({ no }) => no);
      const gone = await removeChunks(tx, spaceNo, nos);
      const below = await tx.query({
        text: 'SELECT 1 FROM kb_nodes WHERE parent_id = $1 LIMIT 1',
        values: [node.id],
      });
      // Whoever is below goes first: each has chunks of its own to take out.
      if (below.length > 0) {
        await tx.execute({
          text: `UPDATE kb_nodes SET due_at = clock_timestamp() + interval '1 second' WHERE id = $1`,
          values: [node.id],
        });
      } else {
        await tx.execute({ text: 'DELETE FROM kb_nodes WHERE id = $1', values: [node.id] });
      }
      await tx.execute({
        text: `UPDATE kb_spaces SET chunk_count = chunk_count - $2, token_count = token_count - $3
          WHERE no = $1`,
        values: [spaceNo, nos.length, gone],
      });
    },
    { statementTimeoutMs: 30_000, transactionTimeoutMs: 300_000 },
  );
}

async function spaceOf(tx: Queryable, workspaceId: string): Promise<number> {
  const [row] = await tx.query<{ no: number }>({
    name: 'get_kb_space_no',
    text: 'SELECT no FROM kb_spaces WHERE workspace_id = $1',
    values: [workspaceId],
  });
  if (row === undefined) throw new Error(`The workspace ${workspaceId} has no knowledge.`);
  return row.no;
}

interface Change {
  readonly added: readonly Positioned[];
  readonly moved: readonly { readonly no: number; readonly position: number }[];
  readonly removed: readonly number[];
  readonly kept: number;
}

type Positioned = ChunkToStore & { readonly position: number };

/** What stays: by hash, each stored chunk for one new one, nearest positions first. */
async function planChange(
  tx: Queryable,
  nodeId: string,
  chunks: readonly ChunkToStore[],
): Promise<Change> {
  const stored = await tx.query<{ no: number; hash: Buffer; position: number }>({
    name: 'list_kb_chunk_hashes',
    text: 'SELECT no, hash, position FROM kb_chunks WHERE node_id = $1 ORDER BY position',
    values: [nodeId],
  });
  const byHash = new Map<string, { no: number; position: number }[]>();
  for (const { no, hash, position } of stored) {
    const key = hash.toString('latin1');
    byHash.set(key, [...(byHash.get(key) ?? []), { no, position }]);
  }
  const added: Positioned[] = [];
  const moved: { no: number; position: number }[] = [];
  let kept = 0;
  for (const [position, chunk] of chunks.entries()) {
    const same = byHash.get(chunk.hash.toString('latin1'))?.shift();
    if (same === undefined) added.push({ ...chunk, position });
    else {
      kept += 1;
      if (same.position !== position) moved.push({ no: same.no, position });
    }
  }
  const removed = [...byHash.values()].flat().map(({ no }) => no);
  return { added, moved, removed, kept };
}

/** The number of tokens that went with them. */
async function removeChunks(
  tx: Queryable,
  spaceNo: number,
  nos: readonly number[],
): Promise<number> {
  let tokens = 0;
  for (let at = 0; at < nos.length; at += batchSize) {
    const batch = nos.slice(at, at + batchSize);
    await tx.execute({
      name: 'remove_kb_postings',
      text: `DELETE FROM kb_postings p USING (
          SELECT c.no, t.lexeme FROM kb_chunks c, unnest(c.lexemes) t WHERE c.no = ANY ($2::int[])
        ) gone WHERE p.space_no = $1 AND p.term = gone.lexeme AND p.chunk_no = gone.no`,
      values: [spaceNo, batch],
    });
    const [row] = await tx.query<{ n: number }>({
      name: 'remove_kb_chunks',
      text: `WITH gone AS (DELETE FROM kb_chunks WHERE no = ANY ($1::int[]) RETURNING length)
        SELECT coalesce(sum(length), 0)::bigint AS n FROM gone`,
      values: [batch],
    });
    tokens += row?.n ?? 0;
  }
  return tokens;
}

async function movePositions(tx: Queryable, moved: Change['moved']): Promise<void> {
  if (moved.length === 0) return;
  await tx.execute({
    name: 'move_kb_chunks',
    text: `UPDATE kb_chunks c SET position = m.position
      FROM unnest($1::int[], $2::int[]) AS m (no, position) WHERE c.no = m.no`,
    values: [moved.map(({ no }) => no), moved.map(({ position }) => position)],
  });
}

/** The number of tokens they have. Terms are written in order, so that two publications never deadlock. */
async function addChunks(
  tx: Queryable,
  add: {
    readonly spaceNo: number;
    readonly node: ClaimedNode;
    readonly language: string;
    readonly batch: readonly Positioned[];
  },
): Promise<number> {
  const { spaceNo, node, language, batch } = add;
  const rows = await tx.query<{ no: number; length: number }>({
    name: 'add_kb_chunks',
    text: `WITH given AS (
        SELECT g.*, setweight(to_tsvector($3::text::regconfig, g.context_words), 'A')
          || to_tsvector($3::text::regconfig, g.text_words) AS lexemes
        FROM unnest($4::text[], $5::int[], $6::bytea[], $7::text[], $8::text[], $9::text[], $10::text[])
          AS g (id, position, hash, context, text, context_words, text_words)
      )
      INSERT INTO kb_chunks (id, workspace_id, node_id, position, hash, context, text, lexemes, length)
      SELECT id, $1, $2, position, hash, context, text, lexemes,
        (SELECT coalesce(sum(cardinality(positions)), 0) FROM unnest(lexemes))
      FROM given RETURNING no, length`,
    values: [
      node.workspaceId,
      node.id,
      language,
      batch.map(({ id }) => id),
      batch.map(({ position }) => position),
      batch.map(({ hash }) => hash),
      batch.map(({ context }) => toStorableText(context)),
      batch.map(({ text }) => toStorableText(text)),
      batch.map(({ contextWords }) => contextWords),
      batch.map(({ textWords }) => textWords),
    ],
  });
  const nos = rows.map(({ no }) => no);
  await tx.execute({
    name: 'add_kb_postings',
    text: `INSERT INTO kb_postings (space_no, term, chunk_no, tf, length)
      SELECT $1, t.lexeme, c.no, cardinality(t.positions), c.length
      FROM kb_chunks c, unnest(c.lexemes) t WHERE c.no = ANY ($2::int[]) ORDER BY t.lexeme COLLATE "C", c.no`,
    values: [spaceNo, nos],
  });
  await tx.execute({
    name: 'add_kb_terms',
    text: `INSERT INTO kb_terms (space_no, term)
      SELECT DISTINCT $1::int, t.lexeme COLLATE "C" AS term
      FROM kb_chunks c, unnest(c.lexemes) t WHERE c.no = ANY ($2::int[])
        AND NOT EXISTS (SELECT 1 FROM kb_terms k WHERE k.space_no = $1 AND k.term = t.lexeme)
      ORDER BY term
      ON CONFLICT DO NOTHING`,
    values: [spaceNo, nos],
  });
  return rows.reduce((sum, { length }) => sum + length, 0);
}

async function noteLanguage(tx: Queryable, spaceNo: number, language: string): Promise<void> {
  await tx.execute({
    name: 'note_kb_language',
    text: `INSERT INTO kb_languages (space_no, language)
      SELECT $1, $2::text WHERE NOT EXISTS (SELECT 1 FROM kb_languages WHERE space_no = $1 AND language = $2)
      ON CONFLICT DO NOTHING`,
    values: [spaceNo, language],
  });
}

/** What was read of a file is the node's body from here on; a version, if it says something else than before. */
async function finishNode(
  tx: Queryable,
  node: ClaimedNode,
  { chunks, readBody, embeddingModel }: Publication,
): Promise<void> {
  if (readBody !== null) {
    await tx.execute({
      name: 'note_kb_file_read',
      text: 'UPDATE kb_files SET is_unread = false, bytes = NULL WHERE node_id = $1',
      values: [node.id],
    });
    const isNew = node.body !== readBody.body;
    await tx.execute({
      name: 'write_kb_read_body',
      text: `WITH n AS (
          UPDATE kb_nodes SET body = $2, title = coalesce($3, title), source_type = $5,
            version = version + CASE WHEN $4 THEN 1 ELSE 0 END,
            updated_at = CASE WHEN $4 THEN clock_timestamp() ELSE updated_at END
          WHERE id = $1 RETURNING id, version, title, body, created_by
        )
        INSERT INTO kb_versions (node_id, version, title, body, created_by) SELECT * FROM n
        ON CONFLICT (node_id, version) DO UPDATE SET title = excluded.title, body = excluded.body`,
      values: [
        node.id,
        toStorableText(readBody.body),
        storableOrNull(readBody.title),
        isNew && node.body !== null,
        readBody.sourceType,
      ],
    });
  }
  await tx.execute({
    name: 'finish_kb_node',
    text: `UPDATE kb_nodes SET indexed_version = version, chunk_count = $2, index_error = NULL, tries = 0,
        index_status = CASE WHEN $3 THEN 'embedding' ELSE 'ready' END,
        due_at = CASE WHEN $3 THEN clock_timestamp() END
      WHERE id = $1`,
    values: [node.id, chunks.length, embeddingModel !== null && chunks.length > 0],
  });
}

/** Chunks of a node in order, from a position on. */
export async function listChunks(
  db: Queryable,
  nodeId: string,
  page: { readonly from: number; readonly limit: number },
): Promise<readonly StoredChunk[]> {
  const rows = await db.query<StoredRow>({
    name: 'list_kb_chunks',
    text: `SELECT id, position, context, text, vector IS NOT NULL AS has_vector FROM kb_chunks
      WHERE node_id = $1 AND position >= $2 ORDER BY position LIMIT $3`,
    values: [nodeId, page.from, page.limit],
  });
  return rows.map((row) => ({
    id: row.id,
    nodeId,
    position: row.position,
    context: fromStorableText(row.context),
    text: fromStorableText(row.text),
    hasVector: row.has_vector,
  }));
}

export interface StoredChunk {
  readonly id: string;
  readonly nodeId: string;
  readonly position: number;
  readonly context: string;
  readonly text: string;
  readonly hasVector: boolean;
}

interface StoredRow {
  readonly id: string;
  readonly position: number;
  readonly context: string;
  readonly text: string;
  readonly has_vector: boolean;
}
