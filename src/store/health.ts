import type {
  DatabaseHealth,
  GoingStatement,
  IndexHealth,
  TableHealth,
} from '../core/database-health.ts';
import type { Database } from './connect.ts';

/** What Postgres says of the database. Reads its statistics alone, no table of ours. */
export async function readHealth(db: Database): Promise<DatabaseHealth> {
  return await db.transaction(
    async (tx) => {
      const [whole] = await tx.query<{
        version: string;
        size_bytes: number;
        wraparound: number;
        open: number;
        most: number;
        counted_since: Date | null;
      }>(`SELECT current_setting('server_version') AS version, pg_database_size(d.datname) AS size_bytes,
          (age(d.datfrozenxid) / 2147483648.0)::float8 AS wraparound,
          (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS open,
          current_setting('max_connections')::integer AS most, s.stats_reset AS counted_since
        FROM pg_database d LEFT JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()`);
      if (whole === undefined) throw new Error('The database did not answer.');
      const tables = await tx.query<TableHealth>(`SELECT s.relname AS name,
          pg_total_relation_size(s.relid) AS "sizeBytes", pg_indexes_size(s.relid) AS "indexBytes",
          s.n_live_tup AS rows, s.n_dead_tup AS "deadRows",
          greatest(s.last_vacuum, s.last_autovacuum) AS "lastVacuumAt",
          greatest(s.last_analyze, s.last_autoanalyze) AS "lastAnalyzeAt"
        FROM pg_stat_user_tables s WHERE s.schemaname = current_schema()
        ORDER BY 2 DESC, 1`);
      const indexes =
        await tx.query<IndexHealth>(`SELECT s.indexrelname AS name, s.relname AS table,
          pg_relation_size(s.indexrelid) AS "sizeBytes", s.idx_scan AS scans, i.indisvalid AS "isValid",
          i.indisunique AS "isUnique"
        FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid
        WHERE s.schemaname = current_schema() ORDER BY 3 DESC, 1`);
      const going = await tx.query<GoingStatement>(`SELECT left(query, 200) AS statement,
          extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds,
          CASE WHEN state = 'active' THEN wait_event_type || ': ' || wait_event ELSE state END AS "waitsFor"
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
          AND xact_start < clock_timestamp() - interval '5 seconds'
        ORDER BY xact_start LIMIT 20`);
      return {
        version: whole.version,
        sizeBytes: whole.size_bytes,
        wraparound: whole.wraparound,
        connections: { open: whole.open, most: whole.most },
        countedSince: whole.counted_since,
        tables,
        indexes,
        going,
      };
    },
    { readOnly: true, lockTimeoutMs: 1_000 },
  );
}
