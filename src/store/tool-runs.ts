import { stepId, type ToolEnded, type ToolStarted } from '../core/journal.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { CallConnection } from '../core/sandbox.ts';
import { fromStorableOrNull, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { ToolRun, ToolRunStatus } from '../core/tool-run.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';

// What custom tools did. Calls of runs are in the journal and nowhere else: an entry carries its tool's id,
// and an index over those entries alone makes the list. Direct runs have a table. Who asks has read the
// tool in its scope first.

export interface ToolRunFilter {
  readonly toolId: string;
  readonly caller?: 'run' | 'direct' | undefined;
  /** Of those that ended so, newest end first. */
  readonly status?: 'failed' | 'interrupted' | undefined;
  /** Id of a run (`ar…`). */
  readonly runId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

interface Row {
  readonly at: Date;
  readonly key: string;
  readonly seq: number;
  readonly step: number | null;
  readonly agent_id: string | null;
  readonly started: string | null;
  readonly call_version: number | null;
  readonly started_at: Date | null;
  readonly state: string | null;
  readonly ended: string | null;
  readonly ended_at: Date | null;
  readonly tool_version: number | null;
  readonly token_id: string | null;
  readonly token_name: string | null;
  readonly status: string | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly logs: string | null;
  readonly connections: string | null;
  readonly duration_ms: number | null;
  readonly completed_at: Date | null;
  readonly is_old: boolean;
  readonly is_large: boolean;
}

/** A list leaves out what is larger: its size is known without reading it. */
const listedBytes = 32_768;
/** Longer than any call lasts: a direct run that is still open then was cut off by a crash. */
const openFor = "interval '10 minutes'";

/** A page of a tool's runs, newest first. */
export async function listToolRuns(
  db: Queryable,
  filter: ToolRunFilter,
  page: PageRequest,
): Promise<Page<ToolRun>> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const hasDirect = filter.runId === undefined && filter.status !== 'interrupted';
  const picks = [
    ...(filter.caller === 'direct' ? [] : [pickCalls(bind, filter, page)]),
    ...(filter.caller === 'run' || !hasDirect ? [] : [pickDirect(bind, filter, page)]),
  ];
  if (picks.length === 0) return { items: [], next: null };
  const rows = await db.query<Row>({
    text: readSql(
      `SELECT * FROM (${picks.map((pick) => `(${pick})`).join(' UNION ALL ')}) all_of_them
       ORDER BY at DESC, key DESC, seq DESC LIMIT ${page.limit + 1}`,
      listedBytes,
    ),
    values,
  });
  const shown = toPage(rows, page.limit, (row) => ({
    createdAt: row.at,
    id: `${row.key} ${row.seq}`,
  }));
  return { ...shown, items: shown.items.map((row) => toToolRun(filter.toolId, row)) };
}

/** One run of the tool, whole; null when there is none. */
export async function getToolRun(
  db: Queryable,
  of: { readonly toolId: string; readonly id: string },
): Promise<ToolRun | null> {
  const [, runId, step] = /^(ar[0-9a-z]{30}):([1-9][0-9]{0,8})$/.exec(of.id) ?? [];
  const pick =
    runId === undefined
      ? `SELECT created_at AS at, id AS key, 0 AS seq, NULL::int AS step FROM tool_runs
         WHERE tool_id = $1 AND id = $2 AND $3::int IS NULL`
      : `SELECT created_at AS at, run_id AS key, seq, step FROM journal
         WHERE tool_id = $1 AND run_id = $2 AND step = $3 AND state = 'started'
         ORDER BY seq DESC LIMIT 1`;
  const rows = await db.query<Row>({
    text: readSql(pick, null),
    values: [of.toolId, runId ?? of.id, step === undefined ? null : Number(step)],
  });
  return rows[0] === undefined ? null : toToolRun(of.toolId, rows[0]);
}

/** Writes down that somebody runs a tool, before it starts. */
export async function insertToolRun(
  db: Queryable,
  run: {
    readonly id: string;
    readonly toolId: string;
    readonly toolVersion: number;
    readonly tokenId: string | null;
    readonly inputJson: string;
  },
): Promise<void> {
  await db.execute({
    name: 'insert_tool_run',
    text: `INSERT INTO tool_runs (id, tool_id, tool_version, token_id, status, input)
      VALUES ($1, $2, $3, $4, 'running', $5)`,
    values: [run.id, run.toolId, run.toolVersion, run.tokenId, toStorableText(run.inputJson)],
  });
}

/** Writes down how it ended. */
export async function endToolRun(
  db: Queryable,
  run: {
    readonly id: string;
    readonly outputJson: string | null;
    readonly error: string | null;
    readonly logs: string | null;
    readonly connections: readonly CallConnection[] | null;
    readonly durationMs: number;
  },
): Promise<void> {
  await db.execute({
    name: 'end_tool_run',
    text: `UPDATE tool_runs SET status = $2, output = $3, error = $4, logs = $5, connections = $6,
        duration_ms = $7, completed_at = clock_timestamp() WHERE id = $1`,
    values: [
      run.id,
      run.error === null ? 'done' : 'failed',
      storableOrNull(run.outputJson),
      storableOrNull(run.error),
      storableOrNull(run.logs),
      run.connections === null ? null : toJsonColumn(run.connections),
      Math.round(run.durationMs),
    ],
  });
}

/** Takes a value of the statement and gives its placeholder. */
type Bind = (value: unknown) => string;

function pickCalls(bind: Bind, filter: ToolRunFilter, page: PageRequest): string {
  const { status = 'started', runId } = filter;
  const conditions = [
    ...common(bind, filter),
    `state = ${bind(status)}`,
    ...(runId === undefined ? [] : [`run_id = ${bind(runId)}`]),
    ...after(bind, page, '(created_at, run_id, seq)'),
  ];
  return `SELECT created_at AS at, run_id AS key, seq, step FROM journal
    WHERE ${conditions.join(' AND ')}
    ORDER BY created_at DESC, run_id DESC, seq DESC LIMIT ${page.limit + 1}`;
}

function pickDirect(bind: Bind, filter: ToolRunFilter, page: PageRequest): string {
  const conditions = [
    ...common(bind, filter),
    ...(filter.status === undefined ? [] : ["status = 'failed'"]),
    ...after(bind, page, '(created_at, id, 0)'),
  ];
  return `SELECT created_at AS at, id AS key, 0 AS seq, NULL::int AS step FROM tool_runs
    WHERE ${conditions.join(' AND ')}
    ORDER BY created_at DESC, id DESC LIMIT ${page.limit + 1}`;
}

function common(bind: Bind, { toolId, from, to }: ToolRunFilter): string[] {
  return [
    `tool_id = ${bind(toolId)}`,
    ...(from === undefined ? [] : [`created_at >= ${bind(from)}`]),
    ...(to === undefined ? [] : [`created_at < ${bind(to)}`]),
  ];
}

/** `columns` is the order of the list; the position holds a key and a number. */
function after(bind: Bind, page: PageRequest, columns: string): string[] {
  if (page.after === null) return [];
  const [key, seq] = page.after.id.split(' ');
  return [`${columns} < (${bind(page.after.createdAt)}, ${bind(key)}, ${bind(Number(seq))}::int)`];
}

/** Everything of the picked ones: first and last entry of a call, or the row of a direct run. */
function readSql(pick: string, maxBytes: number | null): string {
  const small = (column: string) =>
    maxBytes === null
      ? column
      : `CASE WHEN octet_length(${column}) <= ${maxBytes} THEN ${column} END`;
  const isLarge = (...columns: string[]) =>
    maxBytes === null
      ? 'false'
      : columns
          .map((column) => `coalesce(octet_length(${column}) > ${maxBytes}, false)`)
          .join(' OR ');
  return `WITH picked AS MATERIALIZED (${pick})
    SELECT p.at, p.key, p.seq, p.step, r.agent_id,
      ${small('s.data')} AS started,
      substring(s.data from '"toolVersion":([0-9]+)')::int AS call_version, s.created_at AS started_at,
      e.state, ${small('e.data')} AS ended, e.created_at AS ended_at,
      d.tool_version, d.token_id, t.name AS token_name, d.status,
      ${small('d.input')} AS input, ${small('d.output')} AS output, ${small('d.error')} AS error,
      ${small('d.logs')} AS logs, d.connections, d.duration_ms, d.completed_at,
      coalesce(d.created_at < clock_timestamp() - ${openFor}, false) AS is_old,
      ${isLarge('s.data', 'e.data', 'd.input', 'd.output', 'd.error', 'd.logs')} AS is_large
    FROM picked p
    LEFT JOIN runs r ON p.step IS NOT NULL AND r.id = p.key
    LEFT JOIN LATERAL (
      SELECT data, created_at FROM journal
      WHERE run_id = p.key AND seq >= p.step AND step = p.step AND state = 'started'
      ORDER BY seq DESC LIMIT 1
    ) s ON p.step IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT state, data, created_at FROM journal
      WHERE run_id = p.key AND seq > p.step AND step = p.step AND state <> 'started'
      ORDER BY seq LIMIT 1
    ) e ON p.step IS NOT NULL
    LEFT JOIN tool_runs d ON p.step IS NULL AND d.id = p.key
    LEFT JOIN tokens t ON t.id = d.token_id
    ORDER BY p.at DESC, p.key DESC, p.seq DESC`;
}

function toToolRun(toolId: string, row: Row): ToolRun {
  return row.step === null ? directRun(toolId, row) : callOfRun(toolId, row, row.step);
}

function callOfRun(toolId: string, row: Row, step: number): ToolRun {
  const started = row.started === null ? null : (JSON.parse(row.started) as ToolStarted);
  const ended = row.ended === null ? null : (JSON.parse(row.ended) as ToolEnded);
  const startedAt = row.started_at ?? row.at;
  return {
    id: stepId(row.key, step),
    toolId,
    toolVersion: row.call_version ?? 0,
    caller: { kind: 'run', runId: row.key, agentId: row.agent_id ?? '', step },
    status: (row.state ?? 'running') as ToolRunStatus,
    inputJson: started?.inputJson ?? ended?.inputJson ?? null,
    outputJson: ended?.outputJson ?? null,
    spilled: ended?.spilled ?? null,
    error: ended?.error ?? null,
    logs: ended?.logs ?? null,
    connections: ended?.connections ?? null,
    durationMs:
      ended?.durationMs ??
      (row.ended_at === null ? null : row.ended_at.getTime() - startedAt.getTime()),
    startedAt,
    completedAt: row.ended_at,
    shortened: row.is_large,
  };
}

function directRun(toolId: string, row: Row): ToolRun {
  const isCutOff = row.status === 'running' && row.is_old;
  return {
    id: row.key,
    toolId,
    toolVersion: row.tool_version ?? 0,
    caller: { kind: 'direct', tokenId: row.token_id, tokenName: row.token_name },
    status: isCutOff ? 'interrupted' : (row.status as ToolRunStatus),
    inputJson: fromStorableOrNull(row.input),
    outputJson: fromStorableOrNull(row.output),
    spilled: null,
    error: isCutOff
      ? 'The run was interrupted by a crash of the server.'
      : fromStorableOrNull(row.error),
    logs: fromStorableOrNull(row.logs),
    connections: row.connections === null ? null : fromJsonColumn(row.connections),
    durationMs: row.duration_ms,
    startedAt: row.at,
    completedAt: row.completed_at,
    shortened: row.is_large,
  };
}
