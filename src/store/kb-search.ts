import type { SourceType } from '../core/knowledge.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Ranking by BM25 over the postings of one workspace. Scope is decided before anything is counted: with a
// filter, frequencies and lengths are those of what may be seen, so nothing else has a part in a score.

export interface SearchScope {
  readonly workspaceId: string;
  /** Only nodes of any of these; null is all of the workspace. */
  readonly entityIds: readonly string[] | null;
  /** With `entityIds`: nodes of the whole workspace too. */
  readonly withUnscoped: boolean;
}

/** What a space is, for search; null when the workspace has no knowledge. */
export interface Space {
  readonly no: number;
  readonly chunkCount: number;
  readonly tokenCount: number;
  readonly embeddingModel: string | null;
  readonly rerankModel: string | null;
  /** Some nodes are disabled or on their way out, so that every search has to look. */
  readonly hasHidden: boolean;
  /** The server finds what is written alike. */
  readonly hasTrigrams: boolean;
}

export async function findSpace(db: Queryable, workspaceId: string): Promise<Space | null> {
  const [row] = await db.query<{
    no: number;
    chunk_count: number;
    token_count: number;
    embedding_model: string | null;
    rerank_model: string | null;
    has_hidden: boolean;
    has_trigrams: boolean;
  }>({
    name: 'find_kb_space',
    text: `SELECT no, chunk_count, token_count, embedding_model, rerank_model,
        EXISTS (SELECT 1 FROM kb_nodes n WHERE n.workspace_id = $1 AND NOT n.is_live AND NOT n.is_directory)
          AS has_hidden,
        to_regprocedure('similarity(text, text)') IS NOT NULL AS has_trigrams
      FROM kb_spaces WHERE workspace_id = $1`,
    values: [workspaceId],
  });
  if (row === undefined) return null;
  return {
    no: row.no,
    chunkCount: row.chunk_count,
    tokenCount: row.token_count,
    embeddingModel: row.embedding_model,
    rerankModel: row.rerank_model,
    hasHidden: row.has_hidden,
    hasTrigrams: row.has_trigrams,
  };
}

/** A way to write a word of a question, for one language to read or for all (null). */
export interface WordForm {
  /** The word's place among those of the question. */
  readonly at: number;
  readonly form: string;
  readonly language: string | null;
  /** It says nothing in that language, whatever Postgres makes of it. */
  readonly isStopWord: boolean;
}

/** A word of a question, as the languages of the workspace read it. */
export interface ReadWord {
  readonly at: number;
  /** Empty for what no language keeps. */
  readonly terms: readonly string[];
  /** A language of the workspace takes it for a word that says nothing. */
  readonly isStopWord: boolean;
}

/** Reads the words in every language that the space's chunks are of; in that order, without those nothing reads. */
export async function readWords(
  db: Queryable,
  spaceNo: number,
  forms: readonly WordForm[],
): Promise<readonly ReadWord[]> {
  const rows = await db.query<{ at: number; terms: string[]; is_stop: boolean }>({
    name: 'read_kb_words',
    text: `SELECT f.at, bool_or(read.terms = '{}' OR f.is_stop) AS is_stop,
        array(SELECT DISTINCT unnest(string_to_array(string_agg(array_to_string(read.terms, ' '), ' '), ' '))) AS terms
      FROM unnest($2::int[], $3::text[], $4::text[], $5::bool[]) f (at, form, language, is_stop)
      JOIN kb_languages l ON l.space_no = $1 AND (f.language IS NULL OR f.language = l.language)
      CROSS JOIN LATERAL (SELECT tsvector_to_array(to_tsvector(l.language::regconfig, f.form)) AS terms) read
      GROUP BY f.at ORDER BY f.at`,
    values: [
      spaceNo,
      forms.map(({ at }) => at),
      forms.map(({ form }) => form),
      forms.map(({ language }) => language),
      forms.map(({ isStopWord }) => isStopWord),
    ],
  });
  return rows.map((row) => ({
    at: row.at,
    terms: row.terms.filter((term) => term !== ''),
    isStopWord: row.is_stop,
  }));
}

/** Terms of the space that look like the word, likest first; empty where the server has no trigrams. */
export async function findAlike(
  db: Queryable,
  space: Space,
  word: string,
): Promise<readonly { readonly term: string; readonly similarity: number }[]> {
  if (!space.hasTrigrams) return [];
  return await db.query<{ term: string; similarity: number }>({
    name: 'find_kb_terms_alike',
    text: `SELECT term, similarity(term, $2)::float8 AS similarity FROM kb_terms
      WHERE space_no = $1 AND term % $2 AND similarity(term, $2) >= 0.4
      ORDER BY similarity DESC, term LIMIT 4`,
    values: [space.no, word],
  });
}

/** The conditions of a scope on `kb_nodes n`, with its values from `$at` on. */
export function scopeSql(
  scope: SearchScope,
  at: number,
): { readonly sql: string; readonly values: unknown[] } {
  if (scope.entityIds === null) {
    return { sql: `n.workspace_id = $${at} AND n.is_live`, values: [scope.workspaceId] };
  }
  const wide = scope.withUnscoped ? ` OR n.entity_ids = '{}'` : '';
  return {
    sql: `n.workspace_id = $${at} AND n.is_live AND (n.entity_ids && $${at + 1}::text[]${wide})`,
    values: [scope.workspaceId, scope.entityIds.map(toStorableText)],
  };
}

/** The numbers of all chunks in scope. */
export async function chunksInScope(db: Queryable, scope: SearchScope): Promise<readonly number[]> {
  const { sql, values } = scopeSql(scope, 1);
  const rows = await db.query<{ no: number }>({
    text: `SELECT c.no FROM kb_chunks c JOIN kb_nodes n ON n.id = c.node_id WHERE ${sql}`,
    values,
  });
  return rows.map(({ no }) => no);
}

export interface TermWeight {
  readonly term: string;
  /** Terms of one word, read in several languages, are as rare as the word: as all of them together. */
  readonly word: number;
  /** 1 for what was asked, less for what is only alike. */
  readonly weight: number;
}

export interface TextHit {
  readonly no: number;
  readonly score: number;
  /** Of the question's terms. */
  readonly matched: readonly string[];
}

export interface TextResult {
  readonly hits: readonly TextHit[];
  /** How much a chunk that has the term says, for terms that occur. */
  readonly weights: ReadonlyMap<string, number>;
  /** Of a term that occurs nowhere. */
  readonly absentWeight: number;
}

/** Saturation of repeated words and what length costs, as is usual (Robertson and Zaragoza 2009). */
const k1 = 1.2;
const b = 0.75;

/** The chunks in scope that say most of what was asked for. */
export async function rankByText(
  db: Queryable,
  space: Space,
  request: {
    readonly scope: SearchScope;
    readonly terms: readonly TermWeight[];
    readonly limit: number;
  },
): Promise<TextResult> {
  const { scope, terms, limit } = request;
  const isWhole = scope.entityIds === null && !space.hasHidden;
  const { sql, values } = scopeSql(scope, 6);
  const among = isWhole
    ? 'total AS MATERIALIZED (SELECT chunk_count AS n, token_count AS tokens FROM kb_spaces WHERE no = $1)'
    : `seen AS MATERIALIZED (
        SELECT c.no, c.length FROM kb_chunks c JOIN kb_nodes n ON n.id = c.node_id WHERE ${sql}
      ), total AS MATERIALIZED (SELECT count(*) AS n, sum(length) AS tokens FROM seen)`;
  const rows = await db.query<{
    no: number | null;
    score: number | null;
    matched: number[] | null;
    n: number;
    weights: (number | null)[];
  }>({
    ...(isWhole ? { name: 'rank_kb_whole' } : {}),
    text: `WITH ${among}, asked AS MATERIALIZED (
        SELECT * FROM unnest($2::text[], $3::float8[], $5::int[]) WITH ORDINALITY a (term, weight, word, at)
      ), hits AS MATERIALIZED (
        SELECT a.at, a.word, p.chunk_no, p.tf, p.length
        FROM asked a JOIN kb_postings p ON p.space_no = $1 AND p.term = a.term
        ${isWhole ? '' : 'JOIN seen s ON s.no = p.chunk_no'}
      ), weighed AS MATERIALIZED (
        SELECT a.at, a.weight * ln(1 + (t.n - least(f.n, t.n) + 0.5) / (least(f.n, t.n) + 0.5)) AS weight
        FROM (SELECT word, count(*) AS n FROM hits GROUP BY word) f JOIN asked a USING (word), total t
      ), ranked AS (
        SELECT h.chunk_no AS no, array_agg(h.at) AS matched,
          sum(w.weight * h.tf * ${k1 + 1}
            / (h.tf + ${k1} * (${1 - b} + ${b} * h.length * t.n / greatest(t.tokens, 1)))) AS score
        FROM hits h JOIN weighed w USING (at), total t
        GROUP BY h.chunk_no ORDER BY score DESC, h.chunk_no LIMIT $4
      )
      SELECT r.no, r.score, r.matched, t.n,
        ARRAY(SELECT w.weight FROM asked a LEFT JOIN weighed w USING (at) ORDER BY a.at) AS weights
      FROM total t LEFT JOIN ranked r ON true ORDER BY r.score DESC, r.no`,
    values: [
      space.no,
      terms.map(({ term }) => term),
      terms.map(({ weight }) => weight),
      limit,
      terms.map(({ word }) => word),
      ...(isWhole ? [] : values),
    ],
  });
  const [first] = rows;
  const weights = new Map<string, number>();
  for (const [at, { term }] of terms.entries()) {
    const weight = first?.weights[at] ?? null;
    if (weight !== null) weights.set(term, weight);
  }
  return {
    hits: rows.flatMap(({ no, score, matched }) =>
      no === null || score === null
        ? []
        : [{ no, score, matched: (matched ?? []).map((at) => terms[at - 1]?.term ?? '') }],
    ),
    weights,
    absentWeight: Math.log(1 + ((first?.n ?? 0) + 0.5) / 0.5),
  };
}

export interface PassageRow {
  readonly no: number;
  readonly id: string;
  readonly nodeId: string;
  readonly position: number;
  readonly context: string;
  readonly text: string;
  readonly nodeTitle: string;
  readonly nodeVersion: number;
  readonly source: string;
  readonly sourceType: SourceType;
  readonly url: string | null;
}

/** The chunks of these numbers that are in scope now, in any order. */
export async function readPassages(
  db: Queryable,
  scope: SearchScope,
  nos: readonly number[],
): Promise<readonly PassageRow[]> {
  const { sql, values } = scopeSql(scope, 2);
  const rows = await db.query<{
    no: number;
    id: string;
    node_id: string;
    position: number;
    context: string;
    text: string;
    title: string;
    indexed_version: number | null;
    source: string;
    source_type: SourceType;
    url: string | null;
  }>({
    text: `SELECT c.no, c.id, c.node_id, c.position, c.context, c.text, n.title, n.indexed_version, n.source,
        n.source_type, (SELECT f.url FROM kb_files f WHERE f.node_id = n.id) AS url
      FROM kb_chunks c JOIN kb_nodes n ON n.id = c.node_id WHERE c.no = ANY ($1::int[]) AND ${sql}`,
    values: [nos, ...values],
  });
  return rows.map((row) => ({
    no: row.no,
    id: row.id,
    nodeId: row.node_id,
    position: row.position,
    context: fromStorableText(row.context),
    text: fromStorableText(row.text),
    nodeTitle: fromStorableText(row.title),
    nodeVersion: row.indexed_version ?? 0,
    source: row.source,
    sourceType: row.source_type,
    url: row.url,
  }));
}
