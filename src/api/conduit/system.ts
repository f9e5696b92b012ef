import { z } from '@hono/zod-openapi';
import { roomTaken, whatTableHolds } from '../../core/database-health.ts';
import { judgeHealth } from '../../retention/judge-health.ts';
import { readHealth } from '../../store/health.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { iso, isoOrNull } from './times.ts';

const bytes = z.number().int();

const databaseShape = z.object({
  version: z.string(),
  size_bytes: bytes,
  by_what: z.array(z.object({ what: z.string(), size_bytes: bytes })).openapi({
    description: 'What takes the room, the largest first.',
  }),
  checks: z
    .array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() }))
    .openapi({ description: 'What was looked at, and what to do where it is not well.' }),
  tables: z.array(
    z.object({
      name: z.string(),
      what: z.string(),
      size_bytes: bytes,
      index_bytes: bytes,
      rows: z.number().int().openapi({ description: 'Estimated.' }),
      dead_rows: z.number().int(),
      last_vacuum_at: z.string().nullable(),
      last_analyze_at: z.string().nullable(),
    }),
  ),
  indexes: z.array(
    z.object({
      name: z.string(),
      table: z.string(),
      size_bytes: bytes,
      scans: z.number().int(),
      valid: z.boolean(),
    }),
  ),
  going: z
    .array(
      z.object({ statement: z.string(), seconds: z.number(), waits_for: z.string().nullable() }),
    )
    .openapi({ description: 'Transactions of more than five seconds that go on now.' }),
  slow_statements: z
    .array(
      z.object({
        statement: z.string(),
        times: z.number().int(),
        total_ms: z.number(),
        longest_ms: z.number(),
        last_at: z.string(),
      }),
    )
    .openapi({
      description:
        'Of the process that answers: those over 250 ms since it was started, without their values.',
    }),
  counted_since: z.string().nullable().openapi({ description: 'Scans and dead rows are.' }),
});

export const systemRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/system/database',
      operationId: 'getDatabaseHealth',
      tag: 'system',
      summary: 'Get the size of the database by what, and the health of its upkeep',
      resource: 'meta',
      right: 'admin',
      workspace: 'none',
      responses: { 200: { description: 'Database', data: databaseShape } },
    },
    async (_call, deps) => {
      const health = await readHealth(deps.db);
      const slow = deps.slowStatements?.list() ?? [];
      return ok({
        version: health.version,
        size_bytes: health.sizeBytes,
        by_what: roomTaken(health.tables).map(({ what, sizeBytes }) => ({
          ...{ what, size_bytes: sizeBytes },
        })),
        checks: judgeHealth(health, slow, new Date()),
        tables: health.tables.map((table) => ({
          name: table.name,
          what: whatTableHolds(table.name),
          size_bytes: table.sizeBytes,
          index_bytes: table.indexBytes,
          rows: table.rows,
          dead_rows: table.deadRows,
          last_vacuum_at: isoOrNull(table.lastVacuumAt),
          last_analyze_at: isoOrNull(table.lastAnalyzeAt),
        })),
        indexes: health.indexes.map((index) => ({
          name: index.name,
          table: index.table,
          size_bytes: index.sizeBytes,
          scans: index.scans,
          valid: index.isValid,
        })),
        going: health.going.map(({ statement, seconds, waitsFor }) => ({
          ...{ statement, seconds: Math.round(seconds * 10) / 10, waits_for: waitsFor },
        })),
        slow_statements: slow.map(({ statement, times, totalMs, longestMs, lastAt }) => ({
          ...{ statement, times, total_ms: Math.round(totalMs), longest_ms: Math.round(longestMs) },
          last_at: iso(lastAt),
        })),
        counted_since: isoOrNull(health.countedSince),
      });
    },
  ),
];
