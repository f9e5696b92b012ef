import type { Queryable } from './connect.ts';

// Where data about one contact is: one list for export and erasure. A row is about a contact by an id that it names,
// by a run that is about them, or because an address of theirs stands in its text. Not found: what somebody
// wrote about a person without any of these, such as their name alone.

/** `$1` workspace, `$2` ids and addresses, `$3` patterns of them in text, `$4` the erasure whose runs are meant. */
interface PersonalTable {
  readonly name: string;
  readonly where: string;
  /** Of the product's own working: erased, and of no use to who asks what is known of them. */
  readonly isInner?: true;
  /** Shown instead of all columns. */
  readonly columns?: string;
}

const ofRuns = '(SELECT run_id FROM erasure_runs WHERE erasure_id = $4)';
const namesRun = (column: string) =>
  `EXISTS (SELECT 1 FROM erasure_runs e WHERE e.erasure_id = $4 AND strpos(${column}, e.run_id) > 0)`;
const inTools = 'tool_id IN (SELECT id FROM custom_tools WHERE workspace_id = $1)';
const inAgents = 'agent_id IN (SELECT id FROM agents WHERE workspace_id = $1)';
const ofRecords = '(contact_id = ANY ($2) OR external_id = ANY ($2) OR data LIKE ANY ($3))';
const ofCases = `case_id IN (SELECT id FROM test_cases WHERE workspace_id = $1
  AND (from_run_id IN ${ofRuns} OR definition LIKE ANY ($3)))`;

/** What refers to others comes before them; runs, by which the rest is found, come last. */
const tables: readonly PersonalTable[] = [
  {
    name: 'webhook_messages',
    where: `workspace_id = $1 AND (body LIKE ANY ($3) OR ${namesRun('body')})`,
  },
  {
    name: 'internal_events',
    where: `workspace_id = $1 AND (run_id IN ${ofRuns} OR caused_by_run IN ${ofRuns} OR entity_id = ANY ($2)
      OR payload LIKE ANY ($3))`,
    isInner: true,
  },
  {
    name: 'alert_notices',
    where: `(rule_id IN (SELECT id FROM alert_rules WHERE workspace_id = $1)
        OR preference_id IN (SELECT id FROM notification_preferences WHERE workspace_id = $1))
      AND (subject || body LIKE ANY ($3) OR ${namesRun('body')})`,
    isInner: true,
  },
  { name: 'notification_facts', where: `run_id IN ${ofRuns}`, isInner: true },
  { name: 'notification_items', where: `run_id IN ${ofRuns}`, isInner: true },
  {
    name: 'scheduled_runs',
    where: `workspace_id = $1 AND (entity_id = ANY ($2) OR run_id IN ${ofRuns} OR created_by_run IN ${ofRuns}
      OR payload LIKE ANY ($3) OR additional_instructions LIKE ANY ($3))`,
  },
  {
    name: 'memories',
    where: `workspace_id = $1 AND (entity_id = ANY ($2) OR run_id IN ${ofRuns} OR content LIKE ANY ($3))`,
  },
  {
    name: 'kb_gaps',
    where: `workspace_id = $1 AND (entity_id = ANY ($2) OR run_id IN ${ofRuns} OR query LIKE ANY ($3))`,
  },
  {
    name: 'idempotency_keys',
    where: `workspace_id = $1 AND (response LIKE ANY ($3) OR ${namesRun('response')})`,
    isInner: true,
  },
  {
    name: 'tool_runs',
    where: `${inTools} AND (input LIKE ANY ($3) OR output LIKE ANY ($3) OR logs LIKE ANY ($3) OR error LIKE ANY ($3))`,
  },
  {
    name: 'test_results',
    where: `run_id IN ${ofRuns} OR (test_run_id, case_n) IN (SELECT test_run_id, n FROM test_run_cases WHERE ${ofCases})`,
    isInner: true,
  },
  { name: 'test_run_cases', where: ofCases, isInner: true },
  {
    name: 'test_cases',
    where: `workspace_id = $1 AND (from_run_id IN ${ofRuns} OR definition LIKE ANY ($3))`,
  },
  {
    name: 'escalations',
    where: `workspace_id = $1 AND (run_id IN ${ofRuns} OR contact_id = ANY ($2) OR conversation_id = ANY ($2))`,
  },
  { name: 'approvals', where: `run_id IN ${ofRuns}` },
  {
    name: 'script_runs',
    where: `workspace_id = $1 AND (run_id IN ${ofRuns} OR machine_id = ANY ($2) OR input LIKE ANY ($3)
      OR output LIKE ANY ($3) OR error LIKE ANY ($3))`,
  },
  {
    name: 'field_decisions',
    where: `workspace_id = $1 AND (run_id IN ${ofRuns} OR entity_id = ANY ($2) OR current_value LIKE ANY ($3)
      OR proposed_value LIKE ANY ($3) OR final_value LIKE ANY ($3) OR justification LIKE ANY ($3)
      OR note LIKE ANY ($3) OR options LIKE ANY ($3)
      OR record_id IN (SELECT id FROM records WHERE workspace_id = $1 AND ${ofRecords}))`,
  },
  { name: 'insight_analyses', where: 'workspace_id = $1 AND result LIKE ANY ($3)' },
  {
    name: 'trigger_events',
    where: `workspace_id = $1 AND (run_id IN ${ofRuns} OR caused_by_run IN ${ofRuns} OR entity_id = ANY ($2)
      OR payload LIKE ANY ($3) OR id IN (SELECT trigger_event_id FROM runs WHERE id IN ${ofRuns}))`,
  },
  {
    name: 'entity_runs',
    where: `${inAgents} AND (entity_id = ANY ($2) OR run_id IN ${ofRuns})`,
    isInner: true,
  },
  {
    name: 'attachments',
    where: 'workspace_id = $1 AND conversation_id = ANY ($2)',
    columns: `to_jsonb(t) - 'body' || jsonb_build_object('body_base64', encode(t.body, 'base64'))`,
  },
  {
    name: 'chat_uploads',
    where: `session_id IN (SELECT id FROM chat_sessions WHERE workspace_id = $1 AND id = ANY ($2))`,
  },
  {
    name: 'chat_tokens',
    where: `workspace_id = $1 AND (session_id = ANY ($2) OR end_user_email = ANY ($2))`,
    columns: `to_jsonb(t) - 'secret_hash'`,
  },
  {
    name: 'named_threads',
    where: `workspace_id = $1 AND (session_id = ANY ($2) OR name LIKE ANY ($3) OR metadata LIKE ANY ($3))`,
  },
  {
    name: 'store_items',
    where: `workspace_id = $1
      AND (key LIKE ANY ($3) OR value LIKE ANY ($3) OR array_to_string(namespace, ' ') LIKE ANY ($3))`,
  },
  { name: 'chat_sessions', where: 'workspace_id = $1 AND id = ANY ($2)' },
  { name: 'messages', where: 'workspace_id = $1 AND conversation_id = ANY ($2)' },
  { name: 'conversations', where: 'workspace_id = $1 AND id = ANY ($2)' },
  {
    name: 'records',
    where: `workspace_id = $1 AND ${ofRecords}`,
  },
  { name: 'contact_channels', where: 'workspace_id = $1 AND contact_id = ANY ($2)' },
  { name: 'contacts', where: 'workspace_id = $1 AND id = ANY ($2)' },
  {
    name: 'run_feedback',
    where: `workspace_id = $1 AND (run_id IN ${ofRuns} OR given_by = ANY ($2) OR comment LIKE ANY ($3))`,
  },
  { name: 'run_search', where: `run_id IN ${ofRuns}`, isInner: true },
  { name: 'run_figures', where: `run_id IN ${ofRuns}`, isInner: true },
  { name: 'run_chunks', where: `run_id IN ${ofRuns}`, isInner: true },
  {
    name: 'spills',
    where: `run_id IN ${ofRuns}`,
    columns: `to_jsonb(t) - 'body' || CASE WHEN t.is_file
      THEN jsonb_build_object('body_base64', encode(t.body, 'base64'))
      ELSE jsonb_build_object('text', convert_from(t.body, 'UTF8')) END`,
  },
  { name: 'journal', where: `run_id IN ${ofRuns}` },
  { name: 'runs', where: `workspace_id = $1 AND id IN ${ofRuns}` },
];

/** Knowledge about nobody else. Its own indexer takes it out, so that search stays whole. */
const knowledge = `workspace_id = $1 AND NOT is_directory AND ((entity_ids <@ $2 AND entity_ids <> '{}')
  OR (source = 'run' AND source_id IN ${ofRuns}))`;

export interface PersonalDataOf {
  readonly workspaceId: string;
  /** Ids and addresses of the contact. */
  readonly knownBy: readonly string[];
  /** Whose runs were noted. */
  readonly erasureId: string;
}

/** Shorter addresses stand in too many texts by chance. */
const shortestInText = 6;

function valuesOf({ workspaceId, knownBy, erasureId }: PersonalDataOf): readonly unknown[] {
  return [workspaceId, knownBy, patternsOf(knownBy), erasureId];
}

function patternsOf(knownBy: readonly string[]): readonly string[] {
  return knownBy
    .filter((text) => text.length >= shortestInText)
    .map((text) => `%${text.replace(/[\\%_]/g, '\\$&')}%`);
}

// Whichever of the four a condition does not speak of, its type must be known all the same.
const typed = `($1::text IS NOT NULL AND $2::text[] IS NOT NULL AND $3::text[] IS NOT NULL AND $4::text IS NOT NULL)`;

/** Every row about the contact, table by table, in batches. Needs `noteRuns` first. */
export async function* readPersonalData(
  db: Queryable,
  of: PersonalDataOf,
): AsyncGenerator<{ readonly table: string; readonly rows: readonly unknown[] }> {
  const shown = [
    ...tables.filter(({ isInner }) => isInner !== true),
    { name: 'kb_nodes', where: knowledge },
  ].reverse();
  for (const table of shown) {
    const { name, where } = table;
    const columns = ('columns' in table && table.columns) || `to_jsonb(t) - 'search'`;
    const rows = await db.query<{ row: unknown }>({
      text: `SELECT ${columns} AS row FROM ${name} t WHERE ${typed} AND (${where})`,
      values: valuesOf(of),
    });
    yield { table: name, rows: rows.map(({ row }) => row) };
  }
}

/** Takes a table's rows about the contact away. */
async function eraseTable(tx: Queryable, table: PersonalTable, of: PersonalDataOf) {
  return await tx.execute({
    text: `DELETE FROM ${table.name} WHERE ${typed} AND (${table.where})`,
    values: valuesOf(of),
  });
}

/** The steps of an erasure, in order: each says how many rows it took away, and may be done again. */
export const erasureSteps: readonly {
  readonly table: string;
  readonly erase: (tx: Queryable, of: PersonalDataOf) => Promise<number>;
}[] = [
  {
    table: 'kb_nodes',
    erase: (tx, of) =>
      tx.execute({
        text: `UPDATE kb_nodes SET deleted_at = clock_timestamp(), is_live = false, body = NULL,
            due_at = clock_timestamp(), claim = claim + 1
          WHERE ${typed} AND deleted_at IS NULL AND ${knowledge}`,
        values: valuesOf(of),
      }),
  },
  {
    table: 'kb_nodes_shared',
    erase: (tx, of) =>
      tx.execute({
        text: `UPDATE kb_nodes SET entity_ids = ARRAY(SELECT e FROM unnest(entity_ids) e WHERE e <> ALL ($2)),
            updated_at = clock_timestamp()
          WHERE ${typed} AND workspace_id = $1 AND entity_ids && $2 AND NOT entity_ids <@ $2`,
        values: valuesOf(of),
      }),
  },
  ...tables.map((table) => ({
    table: table.name,
    erase: (tx: Queryable, of: PersonalDataOf) => eraseTable(tx, table, of),
  })),
];

/** Whether knowledge about the contact is still to be taken out by the indexer. */
export async function hasKnowledge(db: Queryable, of: PersonalDataOf): Promise<boolean> {
  const rows = await db.query({
    text: `SELECT 1 FROM kb_nodes WHERE ${typed} AND ${knowledge} LIMIT 1`,
    values: valuesOf(of),
  });
  return rows.length > 0;
}

/** Takes away the terms of a workspace that stand in none of its chunks any more. */
export async function dropUnusedTerms(db: Queryable, workspaceId: string): Promise<void> {
  await db.execute({
    text: `DELETE FROM kb_terms t USING kb_spaces s
      WHERE s.workspace_id = $1 AND t.space_no = s.no AND NOT EXISTS (
        SELECT 1 FROM kb_postings p WHERE p.space_no = t.space_no AND p.term = t.term)`,
    values: [workspaceId],
  });
}

const runsAtOnce = 2_000;

/** Notes the runs that are about the contact, and all that came of them. The number of new ones. */
export async function noteRuns(db: Queryable, of: PersonalDataOf): Promise<number> {
  let noted = 0;
  let after = '';
  for (;;) {
    const [range] = await db.query<{ last: string | null }>({
      text: `SELECT max(id) AS last FROM (SELECT id FROM runs WHERE workspace_id = $1 AND id > $2
        ORDER BY id LIMIT ${runsAtOnce}) AS next`,
      values: [of.workspaceId, after],
    });
    const last = range?.last ?? null;
    if (last === null) break;
    noted += await db.execute({ text: noteSql, values: [...valuesOf(of), after, last] });
    after = last;
  }
  for (;;) {
    const more = await db.execute({ text: noteMoreSql, values: [of.workspaceId, of.erasureId] });
    noted += more;
    if (more === 0) return noted;
  }
}

/** A file is no text: addresses are found in it as far as they are ASCII, which is left as it is. */
const spilledText = `CASE WHEN s.is_file THEN encode(s.body, 'escape') ELSE convert_from(s.body, 'UTF8') END`;

const noteSql = `INSERT INTO erasure_runs (erasure_id, run_id)
  SELECT $4, r.id FROM runs r
  WHERE r.workspace_id = $1 AND r.id > $5 AND r.id <= $6 AND (
    r.contact_id = ANY ($2) OR r.conversation_id = ANY ($2) OR r.entity_id = ANY ($2) OR r.session_id = ANY ($2)
    OR r.payload LIKE ANY ($3::text[]) OR r.additional_instructions LIKE ANY ($3)
    OR r.response LIKE ANY ($3) OR r.output LIKE ANY ($3) OR r.disposition_reason LIKE ANY ($3)
    OR EXISTS (SELECT 1 FROM journal j WHERE j.run_id = r.id AND j.data LIKE ANY ($3))
    OR EXISTS (SELECT 1 FROM spills s WHERE s.run_id = r.id AND ${spilledText} LIKE ANY ($3)))
  ON CONFLICT DO NOTHING`;

const noteMoreSql = `WITH known AS MATERIALIZED (SELECT run_id FROM erasure_runs WHERE erasure_id = $2)
  INSERT INTO erasure_runs (erasure_id, run_id)
  SELECT $2, r.id FROM runs r
  WHERE r.workspace_id = $1 AND r.id NOT IN (SELECT run_id FROM known) AND (
    r.parent_run_id IN (SELECT run_id FROM known) OR r.forked_from IN (SELECT run_id FROM known)
    OR r.retry_of IN (SELECT run_id FROM known)
    OR r.trigger_event_id IN (SELECT e.id FROM trigger_events e
      WHERE e.workspace_id = $1 AND e.caused_by_run IN (SELECT run_id FROM known)))
  ON CONFLICT DO NOTHING`;

/** Of the runs that were noted, those that have not ended. */
export async function listOpenNoted(db: Queryable, erasureId: string): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `SELECT r.id FROM runs r JOIN erasure_runs e ON e.run_id = r.id
      WHERE e.erasure_id = $1 AND r.status NOT IN ('completed', 'failed', 'cancelled')`,
    values: [erasureId],
  });
  return rows.map(({ id }) => id);
}
