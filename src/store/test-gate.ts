import { createHash } from 'node:crypto';
import type { AgentDefinition } from '../core/agent.ts';
import { definitionFromColumn } from './agent-versions.ts';
import type { Queryable } from './connect.ts';
import { readableJsonSql } from './json-column.ts';

/** A case that keeps a definition from going live. */
export interface GatingCase {
  readonly name: string;
  /** The newest test run that had it on this definition; null when there is none. */
  readonly testRunId: string | null;
}

/**
 * The cases of an agent that have not passed on exactly this definition: those that its newest completed test
 * run did not pass as often as they ask for, and those that were never run on it as they are now. A result on
 * another model than the version's own says nothing of it.
 */
export async function listGatingCases(
  tx: Queryable,
  agentId: string,
  definition: AgentDefinition,
): Promise<readonly GatingCase[]> {
  const versions = await sameVersions(tx, agentId, definition);
  const rows = await tx.query<{
    name: string;
    test_run_id: string | null;
    passed: boolean | null;
  }>({
    name: 'test-gate',
    text: `SELECT c.name, found.test_run_id, found.passed
      FROM test_cases c LEFT JOIN LATERAL (
        SELECT r.id AS test_run_id,
          count(*) FILTER (WHERE t.status = 'passed')
            >= count(*) * (${readableJsonSql('k.definition')} ->> 'min_pass_rate')::float8 AS passed
        FROM test_run_cases k
        JOIN test_runs r ON r.id = k.test_run_id AND r.status = 'completed'
        JOIN test_results t ON t.test_run_id = r.id AND t.case_n = k.n
        JOIN LATERAL (SELECT r.variants::json -> t.variant_n AS variant) v ON true
        WHERE k.case_id = c.id AND k.revision = c.revision
          AND (v.variant ->> 'version')::int = ANY ($2) AND v.variant ->> 'model' IS NULL
        GROUP BY r.id, r.created_at, k.definition ORDER BY r.created_at DESC, r.id DESC LIMIT 1
      ) found ON true
      WHERE c.agent_id = $1 AND c.deleted_at IS NULL ORDER BY c.name`,
    values: [agentId, versions],
  });
  return rows
    .filter(({ passed }) => passed !== true)
    .map(({ name, test_run_id: testRunId }) => ({ name, testRunId }));
}

/** Numbers of the agent's versions that hold the same. */
async function sameVersions(
  tx: Queryable,
  agentId: string,
  definition: AgentDefinition,
): Promise<readonly number[]> {
  const rows = await tx.query<{ version: number; definition: string }>({
    name: 'test-gate-versions',
    text: 'SELECT version, definition FROM agent_versions WHERE agent_id = $1 ORDER BY version DESC LIMIT 200',
    values: [agentId],
  });
  const wanted = hashOf(definition);
  return rows
    .filter((row) => hashOf(definitionFromColumn(row.definition)) === wanted)
    .map(({ version }) => version);
}

/** The order of members says nothing. */
function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
