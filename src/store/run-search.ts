import type { PageRequest } from '../core/page.ts';
import type { Database } from './connect.ts';
import { holdRemovals } from './copies-lock.ts';
import { copyFigures } from './run-figures.ts';

// Lists of runs by text and by cost. An index of either on `runs` would be paid for by every run's commits, so
// the two are copied to a table of their own after a run's end. A search takes what is copied from there, and
// looks for the rest in the runs themselves: those after the workspace's mark, and those that had not ended
// when the mark passed them. Runs that have ended do not change. Those of tests are in no search. The figures that
// windows over runs are summed from are copied with them (`run-figures.ts`).

const ended = "r.status IN ('completed', 'failed', 'cancelled')";

/** What is searched of a run; the same words in the index and outside it. */
const textOf = (run: string) =>
  `concat_ws(' ', ${['response', 'error', 'disposition_reason', 'entity_id'].map((column) => `${run}.${column}`).join(', ')})`;

/** What runs are searched by, as a condition on the text and the cost that the SQL names. */
export type Matches = (of: { readonly text: string; readonly cost: string }) => string;

/** The placeholder of a value. */
type Place = (value: unknown) => string;

/** Copies a part; what few in a thousand hold fills a page from two of them. */
const partSize = 8_192;

/** Up to where a workspace's runs are copied, and which of them had not ended. */
export interface Copied {
  readonly createdAt: Date | null;
  readonly runId: string;
  readonly open: readonly string[];
  /** The newest copies that match, as many as the page takes; null: all that match are to be looked at. */
  readonly found: Found | null;
}

/** Copies, all others that match being older than the oldest of them. */
export interface Found {
  readonly runIds: readonly string[];
  readonly since: Date;
}

/**
 * How far the copies of the workspace have come; and what is found in the part of them in which the page begins and in
 * the one before it, if that is enough for the page: all others that could be on it are older. However many of those
 * hold the text, they are not looked at. `near`: what a copy there must be; null: there is no such look.
 */
export async function readCopied(
  db: Pick<Database, 'query'>,
  asked: {
    readonly workspaceId: string;
    readonly page: PageRequest;
    readonly near:
      | ((place: Place) => { readonly matches: Matches; readonly newest: Newest })
      | null;
  },
): Promise<Copied> {
  const { page, near } = asked;
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  const workspace = place(asked.workspaceId);
  const [row] = await db.query<{
    created_at: Date | null;
    run_id: string;
    open: string[];
    found: string[] | null;
    since: Date | null;
  }>({
    ...(near === null ? { name: 'run-search-mark' } : {}),
    text: `SELECT nullif(m.created_at, '-infinity') AS created_at, m.run_id,
        ARRAY(SELECT s.run_id FROM run_search s WHERE s.workspace_id = ${workspace} AND s.text IS NULL) AS open,
        f.found, f.since
      FROM run_search_marks m
      CROSS JOIN LATERAL (${near === null ? 'SELECT NULL::text[] AS found, NULL::timestamptz AS since' : nearSql(near(place), { workspace, after: place(page.after?.id ?? null) })}) f
      WHERE m.workspace_id = ${workspace}`,
    values,
  });
  const { found = null, since = null, open = [] } = row ?? {};
  const isEnough = found !== null && found.length > page.limit;
  return {
    createdAt: row?.created_at ?? null,
    runId: row?.run_id ?? '',
    open,
    found: isEnough && since !== null ? { runIds: found, since } : null,
  };
}

// One part after the other: for both at once the planner, which takes any text for rare, would read what holds the text
// in every part. Of the first two there are no older ones. OFFSET keeps the part from being looked up for every row.
function nearSql(
  near: { readonly matches: Matches; readonly newest: Newest },
  { workspace, after }: { readonly workspace: string; readonly after: string },
): string {
  const { matches, newest } = near;
  const isNumbered = `NOT EXISTS (SELECT FROM run_search s WHERE s.workspace_id = ${workspace} AND s.part IS NULL)`;
  const partOfAfter = `SELECT s.part FROM run_search s WHERE s.run_id = ${after}`;
  const conditions = [
    `s.workspace_id = ${workspace}`,
    's.part = p.part',
    matches(ofCopy),
    '(s.created_at, s.run_id) <= (m.created_at, m.run_id)',
    ...newest.conditions,
  ];
  return `SELECT array_agg(n.run_id) AS found, min(n.created_at) AS since FROM (SELECT c.run_id, c.created_at
    FROM (SELECT coalesce((${partOfAfter}), ((m.copied - 1) / ${partSize})::int) AS part WHERE ${isNumbered} OFFSET 0) t
    CROSS JOIN LATERAL (VALUES (t.part), (t.part - 1)) AS p (part)
    CROSS JOIN LATERAL (
      SELECT s.run_id, s.created_at FROM run_search s WHERE ${conditions.join(' AND ')} ${newest.first('s')}
    ) c
    WHERE t.part > 1 ${newest.first('c')}) n`;
}

/**
 * Conditions on `runs r`: one of them holds for every run of the workspace that is searched for, and never two, but
 * for those that cannot be on the page. What is copied meanwhile is looked for where it was.
 */
export function searchBranches(given: {
  readonly workspaceId: string;
  readonly copied: Copied;
  readonly matches: Matches;
  readonly place: Place;
  /** The part of the page's runs that may be on it, where nothing else is asked of them; null: more is asked. */
  readonly newest: () => Newest | null;
}): readonly string[] {
  const { copied, matches, place } = given;
  const inRun = matches(ofRun);
  if (copied.createdAt === null) return [inRun];
  const mark = `(${place(copied.createdAt)}::timestamptz, ${place(copied.runId)})`;
  const open = copied.open.length === 0 ? null : place(copied.open);
  const after = (run: string) => `(${run}) > ${mark}`;
  const passed = (run: string) => `(${run}) <= ${mark}`;
  const inCopies = () => {
    const newest = given.newest();
    const copies = [
      `s.workspace_id = ${place(given.workspaceId)}`,
      matches(ofCopy),
      passed('s.created_at, s.run_id'),
      ...(open === null ? [] : [`s.run_id <> ALL (${open})`]),
      ...(newest?.conditions ?? []),
    ].join(' AND ');
    return `r.id IN (SELECT s.run_id FROM run_search s WHERE ${copies} ${newest?.first('s') ?? ''})`;
  };
  const inRuns = 'r.created_at, r.id';
  return [
    `${after(inRuns)} AND ${inRun}`,
    ...(open === null ? [] : [`${passed(inRuns)} AND r.id = ANY (${open}) AND ${inRun}`]),
    copied.found === null ? inCopies() : `r.id = ANY (${place(copied.found.runIds)})`,
  ];
}

/** Conditions on the age of copies `s`, and how many of them, in their order. */
export interface Newest {
  readonly conditions: readonly string[];
  /** `copies`: what they are named by. */
  readonly first: (copies: string) => string;
}

/** The newest copies that a page can show. */
export function newestCopies(
  page: PageRequest,
  between: { readonly from?: Date; readonly to?: Date },
  place: Place,
): Newest {
  const { after, limit } = page;
  const most = place(limit + 1);
  return {
    conditions: [
      ...(between.from === undefined ? [] : [`s.created_at >= ${place(between.from)}`]),
      ...(between.to === undefined ? [] : [`s.created_at < ${place(between.to)}`]),
      ...(after === null
        ? []
        : [`(s.created_at, s.run_id) < (${place(after.createdAt)}, ${place(after.id)})`]),
    ],
    first: (copies) => `ORDER BY ${copies}.created_at DESC, ${copies}.run_id DESC LIMIT ${most}`,
  };
}

/** Of a run itself, for `searchBranches` and for runs of more than one workspace. */
export const ofRun = { text: textOf('r'), cost: 'r.cost_usd' };
const ofCopy = { text: 's.text', cost: 's.cost_usd' };

/** How far a clock may be set back between two looks without a run being passed over. */
const marginS = 15;
const lockKey = 7_309_453_720;

/**
 * Copies what has ended since; how many runs the marks passed, about `limit` at most, or how many copies of a release
 * that knows no parts were numbered instead. 0 as well while another process is at it.
 */
export async function copySearched(db: Database, limit = 2_000): Promise<number> {
  // Read before the snapshot of the copying: a run that it cannot see yet belongs to a transaction that is under
  // way now, or to a later one.
  const [going] = await db.query<{ until: string }>({
    name: 'run-search-until',
    text: `SELECT (least(min(xact_start), clock_timestamp()) - make_interval(secs => $1))::text AS until
           FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    values: [marginS],
  });
  return await db.transaction(async (tx) => {
    const [lock] = await tx.query<{ held: boolean }>({
      text: 'SELECT pg_try_advisory_xact_lock($1) AS held',
      values: [lockKey],
    });
    if (lock?.held !== true) return 0;
    await holdRemovals(tx);
    await tx.execute(newMarksSql);
    await tx.execute(clockSetBackSql);
    // What is copied next belongs to later parts than what waits for its own.
    const [numbered] = await tx.query<{ n: number }>({ text: numberSql, values: [limit] });
    if (numbered !== undefined && numbered.n > 0) return numbered.n;
    const ended = await tx.query<{ run_id: string }>({
      name: 'run-search-ended',
      text: endedSinceSql,
      values: [limit],
    });
    const [passed] = await tx.query<{ n: number; ended: string[] }>({
      name: 'run-search-copy',
      text: copySql,
      values: [limit, going?.until ?? '-infinity'],
    });
    await copyFigures(tx, [...ended.map((row) => row.run_id), ...(passed?.ended ?? [])]);
    return passed?.n ?? 0;
  });
}

/** Copies until there is nothing left. */
export async function copyAllSearched(db: Database): Promise<void> {
  while ((await copySearched(db)) > 0);
}

const newMarksSql = `INSERT INTO run_search_marks (workspace_id)
  SELECT id FROM workspaces ON CONFLICT DO NOTHING`;

/** After the clock was set back, runs may be created before the mark: it goes back as well. */
const clockSetBackSql = `WITH back AS (
    UPDATE run_search_marks SET created_at = least(created_at, clock_timestamp() - make_interval(secs => ${marginS}))
    WHERE seen_at > clock_timestamp()
    RETURNING workspace_id, created_at, run_id
  )
  DELETE FROM run_search s USING back b
  WHERE s.workspace_id = b.workspace_id AND (s.created_at, s.run_id) > (b.created_at, b.run_id)`;

/** Of one workspace in one batch. */
const share = 'greatest(20, $1 / (SELECT count(*) FROM run_search_marks))';

/** Gives parts to what a release that knows none has copied, the oldest first. */
const numberSql = `WITH unparted AS MATERIALIZED (
    SELECT u.run_id, m.workspace_id,
      m.copied + row_number() OVER (PARTITION BY m.workspace_id ORDER BY u.created_at, u.run_id) AS n
    FROM run_search_marks m CROSS JOIN LATERAL (
      SELECT s.run_id, s.created_at FROM run_search s WHERE s.workspace_id = m.workspace_id AND s.part IS NULL
      ORDER BY s.created_at, s.run_id LIMIT ${share}
    ) u
  ), moved AS (
    UPDATE run_search_marks m SET copied = u.last
    FROM (SELECT workspace_id, max(n) AS last FROM unparted GROUP BY workspace_id) u
    WHERE m.workspace_id = u.workspace_id
  ), numbered AS (
    UPDATE run_search s SET part = (u.n - 1) / ${partSize} FROM unparted u WHERE s.run_id = u.run_id
  )
  SELECT count(*)::int AS n FROM unparted`;

const endedSinceSql = `UPDATE run_search s SET text = ${textOf('r')}, cost_usd = r.cost_usd
  FROM runs r WHERE s.text IS NULL AND r.id = s.run_id AND ${ended}
    AND s.run_id = ANY (ARRAY(SELECT o.run_id FROM run_search o JOIN runs r ON r.id = o.run_id
      WHERE o.text IS NULL AND ${ended} LIMIT $1))
  RETURNING s.run_id`;

const copySql = `WITH next AS MATERIALIZED (
    SELECT n.*, m.copied + row_number() OVER (PARTITION BY m.workspace_id ORDER BY n.created_at, n.id) AS nth
    FROM run_search_marks m CROSS JOIN LATERAL (
      SELECT r.id, r.workspace_id, r.created_at, r.cost_usd, r.test_run_id, ${ended} AS has_ended, ${textOf('r')} AS text
      FROM runs r
      WHERE r.workspace_id = m.workspace_id AND (r.created_at, r.id) > (m.created_at, m.run_id)
        AND r.created_at < $2::timestamptz
      ORDER BY r.created_at, r.id
      LIMIT ${share}
    ) n
  ), copied AS (
    INSERT INTO run_search (run_id, workspace_id, created_at, cost_usd, text, part)
    SELECT id, workspace_id, created_at, CASE WHEN has_ended THEN cost_usd END, CASE WHEN has_ended THEN text END,
      (nth - 1) / ${partSize}
    FROM next WHERE test_run_id IS NULL
    ON CONFLICT (run_id) DO NOTHING
  ), last AS (
    SELECT DISTINCT ON (workspace_id) workspace_id, created_at, id, nth FROM next
    ORDER BY workspace_id, created_at DESC, id DESC
  ), seen AS (
    UPDATE run_search_marks SET seen_at = clock_timestamp()
    WHERE workspace_id NOT IN (SELECT workspace_id FROM last)
  ), moved AS (
    UPDATE run_search_marks m
    SET seen_at = clock_timestamp(), created_at = l.created_at, run_id = l.id, copied = l.nth
    FROM last l WHERE l.workspace_id = m.workspace_id
  )
  SELECT count(*)::int AS n, coalesce(array_agg(id) FILTER (WHERE has_ended), '{}') AS ended FROM next`;
