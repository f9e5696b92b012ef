import type { Agent, AgentVersion } from '../core/agent.ts';
import type { TestCase, TestRun, TestRunCase, TestVariant } from '../core/agent-test.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ModelClient } from '../core/model.ts';
import { fieldName, type Problems, refuse } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import type { Database } from '../store/connect.ts';
import { getTestCase, listCasesOfAgent } from '../store/test-cases.ts';
import { insertTestRun, requestTestRunCancel } from '../store/test-runs.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { type TestRunInput, testMaxima } from './test-input.ts';

export interface TestRunDeps {
  readonly db: Database;
  readonly models: ModelClient;
  readonly defaultModel: string | null;
}

/** A test run that was just written down. */
export interface StartedTestRun {
  readonly testRun: TestRun;
  readonly cases: readonly TestRunCase[];
  /** The places of its results. */
  readonly results: readonly { readonly caseN: number; readonly variantN: number }[];
}

/** What a test run may cost unless it is told otherwise, USD. */
export const defaultMaxCostUsd = 5;

const noUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

/**
 * Writes a test run down; it is done from then on, whatever crashes. Throws `validation_error` with a line for
 * every field, `unprocessable` where there are no cases or too many results.
 */
export async function startTestRun(
  deps: TestRunDeps,
  given: {
    readonly scope: WorkspaceScope;
    readonly agent: Agent;
    readonly input: TestRunInput;
    readonly tokenId: string;
  },
  inTransaction?: InTransaction<StartedTestRun>,
): Promise<StartedTestRun> {
  const { agent, input } = given;
  const problems: Problems = new Map();
  const chosen = await chosenCases(deps.db, given, problems);
  const versions = await chosenVersions(deps, given, problems);
  const judgeModel = checkJudge(deps, { input, cases: chosen, versions, problems });
  const maxCostUsd = checkCap(deps, { input, versions, problems });
  refuse(problems);
  if (chosen.length === 0) {
    throw new ApiError(
      'unprocessable',
      `Agent "${agent.definition.name}" has no test cases. Create one with POST /v1/tests.`,
    );
  }
  const cases = chosen.map(({ id, name, revision, definition }, n) => ({
    n,
    caseId: id,
    name,
    revision,
    definition,
  }));
  const results = cases.flatMap(({ definition }, caseN) =>
    versions.flatMap((_, variantN) =>
      Array.from({ length: input.repeat ?? definition.repeat }, (_none, repeatN) => ({
        id: newId('testResult'),
        caseN,
        variantN,
        repeatN,
      })),
    ),
  );
  if (results.length > testMaxima.resultsOfRun) {
    throw new ApiError(
      'unprocessable',
      `These are ${results.length} runs: cases × variants × repeats. A test run has at most ${testMaxima.resultsOfRun}; name fewer cases or repeat less.`,
    );
  }
  return await deps.db.transaction(async (tx) => {
    const testRun = await insertTestRun(tx, {
      id: newId('testRun'),
      workspaceId: agent.workspaceId,
      agentId: agent.id,
      variants: versions.map(({ variant }) => variant),
      repeats: input.repeat ?? null,
      maxCostUsd,
      judgeModel,
      concurrency: input.concurrency,
      createdBy: given.tokenId,
      cases,
      results,
    });
    const made = { testRun, cases, results };
    await inTransaction?.(tx, made);
    return made;
  });
}

/** Asks an open test run to end; its runs end soon after. Throws `conflict` when it has ended. */
export async function cancelTestRun(
  db: Database,
  of: { readonly scope: WorkspaceScope; readonly id: string },
): Promise<TestRun> {
  const cancelled = await requestTestRunCancel(db, { ...of, reason: 'Cancelled by a request.' });
  if (cancelled !== null) return cancelled;
  throw new ApiError('conflict', `Test run ${of.id} has ended already and cannot be cancelled.`);
}

interface Chosen {
  readonly scope: WorkspaceScope;
  readonly agent: Agent;
  readonly input: TestRunInput;
}

async function chosenCases(
  db: Database,
  { scope, agent, input }: Chosen,
  problems: Problems,
): Promise<readonly TestCase[]> {
  if (input.case_ids === undefined) return await listCasesOfAgent(db, agent.id);
  const cases: TestCase[] = [];
  for (const [index, id] of input.case_ids.entries()) {
    const found = await getTestCase(db, scope, id);
    const field = fieldName(['case_ids', index]);
    if (found === null || found.agentId !== agent.id) {
      problems.set(field, `is not a test case of this agent ("${id}")`);
    } else if (cases.some((other) => other.id === found.id)) {
      problems.set(field, 'is given twice');
    } else {
      cases.push(found);
    }
  }
  return cases;
}

interface ChosenVersion {
  readonly variant: TestVariant;
  readonly version: AgentVersion | null;
  readonly model: string | null;
}

async function chosenVersions(
  deps: TestRunDeps,
  { scope, agent, input }: Chosen,
  problems: Problems,
): Promise<readonly ChosenVersion[]> {
  const given = input.variants ?? [{}];
  return await Promise.all(
    given.map(async ({ version: number = agent.version, model: own }, index) => {
      const variant: TestVariant = { version: number, model: own ?? null };
      const version = await getAgentVersion(deps.db, scope, { agentId: agent.id, version: number });
      const model = own ?? version?.definition.model ?? deps.defaultModel;
      const field = (name: string) => fieldName(['variants', index, name]);
      if (version === null) {
        problems.set(field('version'), `is not a version of this agent: ${number}`);
      } else if (model === null) {
        problems.set(field('model'), 'is required: neither the version nor the server names one');
      } else {
        const why = deps.models.whyUnusable(model);
        if (why !== null) problems.set(field('model'), `cannot be used (${model}): ${why}`);
      }
      return { variant, version, model };
    }),
  );
}

/** The model that judges texts; null where none is to be judged. */
function checkJudge(
  deps: TestRunDeps,
  given: {
    readonly input: TestRunInput;
    readonly cases: readonly TestCase[];
    readonly versions: readonly ChosenVersion[];
    readonly problems: Problems;
  },
): string | null {
  const isJudged = given.cases.some(({ definition }) =>
    definition.expect.text?.some((rule) => rule.judge !== undefined),
  );
  const model = given.input.judge_model ?? deps.defaultModel ?? given.versions[0]?.model ?? null;
  if (!isJudged && given.input.judge_model === undefined) return null;
  const why = model === null ? 'is required: a case is judged by a model' : null;
  const unusable = model === null ? null : deps.models.whyUnusable(model);
  if (why !== null) given.problems.set('judge_model', why);
  else if (unusable !== null) given.problems.set('judge_model', `cannot be used: ${unusable}`);
  return model;
}

/** A cap on money means nothing where a price is not known: there the runs' other limits hold. */
function checkCap(
  deps: TestRunDeps,
  given: {
    readonly input: TestRunInput;
    readonly versions: readonly ChosenVersion[];
    readonly problems: Problems;
  },
): number | null {
  const models = given.versions.flatMap(({ model, version }) => [
    model,
    version?.definition.fallback_model ?? null,
  ]);
  const unpriced = models.find(
    (model) => model !== null && deps.models.cost(model, noUsage) === null,
  );
  const { max_cost_usd } = given.input;
  if (unpriced === undefined || unpriced === null) return max_cost_usd ?? defaultMaxCostUsd;
  if (max_cost_usd !== undefined) {
    given.problems.set('max_cost_usd', `cannot be kept: the price of ${unpriced} is not known`);
  }
  return null;
}
