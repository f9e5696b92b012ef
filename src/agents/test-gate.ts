import type { Agent, AgentDefinition } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { Queryable } from '../store/connect.ts';
import { listGatingCases } from '../store/test-gate.ts';

/**
 * Passes when the definition may go live. Throws `conflict` with the cases that fail on it or were not run on
 * it: they are run on a candidate first.
 */
export async function requireTestsPass(
  tx: Queryable,
  agent: Pick<Agent, 'id' | 'version'>,
  definition: AgentDefinition,
): Promise<void> {
  const cases = await listGatingCases(tx, agent.id, definition);
  if (cases.length === 0) return;
  const named = cases
    .slice(0, 10)
    .map(({ name, testRunId }) =>
      testRunId === null ? `"${name}" (not run on it)` : `"${name}" (fails in ${testRunId})`,
    );
  const others = cases.length > named.length ? ` and ${cases.length - named.length} more` : '';
  throw new ApiError(
    'conflict',
    `The agent's test_gate lets no version go live whose test cases do not pass: ${named.join(', ')}${others}. Save it with POST /v1/agents/{id}/versions, run the tests on that version, then enable it.`,
    {
      details: Object.fromEntries(
        cases.map(({ name, testRunId }) => [
          `tests.${name}`,
          testRunId === null ? 'was not run on this version' : `fails in test run ${testRunId}`,
        ]),
      ),
    },
  );
}
