import type { DatabaseHealth, SlowStatement } from '../core/database-health.ts';

/** One thing that was looked at: whether it is well, and what to do where it is not. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

const dayMs = 86_400_000;
/** Smaller tables cost nothing, whatever they are like. */
const worthwhileBytes = 50 * 1_048_576;

/** Whether upkeep comes along with what happens. Pure; `now` is the time of the reading. */
export function judgeHealth(
  health: DatabaseHealth,
  slow: readonly SlowStatement[],
  now: Date,
): readonly HealthCheck[] {
  const behind = health.tables.filter(
    ({ deadRows, rows, sizeBytes }) =>
      sizeBytes > worthwhileBytes && deadRows > 10_000 && deadRows > 0.3 * (rows + deadRows),
  );
  const blind = health.tables.filter(
    ({ rows, sizeBytes, lastAnalyzeAt }) =>
      sizeBytes > worthwhileBytes && rows > 10_000 && lastAnalyzeAt === null,
  );
  const broken = health.indexes.filter(({ isValid }) => !isValid);
  const since = health.countedSince;
  const isKnown = since !== null && now.getTime() - since.getTime() > 7 * dayMs;
  const idle = health.indexes.filter(
    ({ scans, isUnique, sizeBytes }) =>
      isKnown && scans === 0 && !isUnique && sizeBytes > worthwhileBytes,
  );
  const stuck = health.going.filter(({ seconds }) => seconds > 60);
  const { open, most } = health.connections;
  const slowest = slow.filter(({ longestMs }) => longestMs > 5_000);
  return [
    check('size', true, `${mib(health.sizeBytes)} in ${health.tables.length} tables`),
    check(
      'vacuum',
      behind.length === 0,
      behind.length === 0
        ? 'comes along'
        : `${behind.map(({ name, deadRows }) => `${name} has ${deadRows} dead rows`).join(', ')}: see that autovacuum is on and no transaction stays open; VACUUM (ANALYZE) them now`,
    ),
    check(
      'statistics',
      blind.length === 0,
      blind.length === 0
        ? 'are there'
        : `${names(blind)} ${blind.length === 1 ? 'was' : 'were'} never analyzed: run ANALYZE, or plans are guesses`,
    ),
    check(
      'indexes',
      broken.length === 0,
      broken.length > 0
        ? `${names(broken)}: building broke off; REINDEX INDEX CONCURRENTLY each`
        : idle.length > 0
          ? `valid; never used since ${since?.toISOString().slice(0, 10)}: ${names(idle)}`
          : 'valid',
    ),
    check(
      'transaction numbers',
      health.wraparound < 0.5,
      `${Math.round(health.wraparound * 100)} % of what may be behind${health.wraparound < 0.5 ? '' : ': VACUUM FREEZE the oldest tables, and end transactions that stay open'}`,
    ),
    check(
      'long transactions',
      stuck.length === 0,
      stuck.length === 0
        ? 'none'
        : `${stuck.length}, the longest for ${Math.round(stuck[0]?.seconds ?? 0)} s: ${stuck[0]?.statement}. While it lasts nothing that was removed makes room`,
    ),
    check(
      'connections',
      open < 0.9 * most,
      `${open} of ${most}${open < 0.9 * most ? '' : ': raise max_connections, or start fewer processes'}`,
    ),
    check(
      'slow statements',
      slowest.length === 0,
      slowest.length === 0
        ? 'none of more than 5 s in this process'
        : slowest
            .slice(0, 3)
            .map(({ statement, longestMs }) => `${statement}: up to ${Math.round(longestMs)} ms`)
            .join('; '),
    ),
  ];
}

function check(name: string, ok: boolean, message: string): HealthCheck {
  return { name, ok, message };
}

function names(of: readonly { readonly name: string }[]): string {
  return of.map(({ name }) => name).join(', ');
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}
