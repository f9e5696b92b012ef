import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { One } from '../api-client.ts';
import type { AgentView } from '../api-types.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { allOf, findAgentId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { toJunit } from '../junit.ts';
import { sanitizedLine } from '../sanitized.ts';
import { type Column, printTable } from '../table.ts';
import {
  type PassRateView,
  type TestCaseView,
  type TestResultView,
  type TestRunView,
  variantName,
} from '../test-views.ts';

interface RunOptions extends ClientOptions {
  readonly agent: string;
  readonly case?: readonly string[];
  readonly version?: readonly number[];
  readonly model?: readonly string[];
  readonly repeat?: number;
  readonly maxCost?: number;
  readonly judge?: string;
  readonly atOnce?: number;
  readonly junit?: string;
  readonly wait?: boolean;
}

const askEveryMs = 300;

/** `signalbox tests run`: exit code 0 when all that had to pass did, 1 when not. */
export function registerTestRunCommand(tests: Command, io: CliIo): void {
  const run = tests
    .command('run')
    .description('run the test cases of an agent, and wait for what comes of them')
    .requiredOption('--agent <agent>', 'id, number or name')
    .option('--case <case...>', 'only these: ids or names')
    .option(
      '--version <number...>',
      'versions of the agent, side by side (default: the latest)',
      integers,
    )
    .option('--model <model...>', 'models, side by side, in place of the versions’ own')
    .option('--repeat <count>', 'how often each case runs', integer)
    .option('--max-cost <usd>', 'what all of it may cost (default 5)', Number)
    .option('--judge <model>', 'the model that judges texts')
    .option('--at-once <count>', 'runs at once (default 4)', integer)
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--no-wait', 'start it and return');
  withClientOptions(run).action(async (options: RunOptions) => {
    await withServer(io, options, (context) => runTests(context, options));
  });
}

async function runTests(context: CommandContext, options: RunOptions): Promise<void> {
  const { client, out, io } = context;
  const agentId = await findAgentId(client, options.agent);
  const answer = await client.send<One<TestRunView>>({
    method: 'POST',
    path: '/v1/tests/runs',
    body: JSON.stringify(await requestOf(context, agentId, options)),
  });
  if (options.wait === false) {
    return out.line(options.json ? answer.text : `started ${answer.body.data.id}`);
  }
  const ended = await untilEnded(context, answer.body.data);
  if (options.junit !== undefined) await writeJunit(context, options.junit, ended.testRun);
  if (options.json) out.line(ended.text);
  else await printTestRun(context, ended.testRun);
  if (ended.testRun.passed !== true) io.setExitCode(exitCodes.failed);
}

async function requestOf({ client }: CommandContext, agentId: string, options: RunOptions) {
  const { version, model, case: cases } = options;
  const versions = version ?? [undefined];
  const models = model ?? [undefined];
  const variants = versions.flatMap((number) =>
    models.map((name) => ({ version: number, model: name })),
  );
  const known =
    cases === undefined
      ? []
      : await allOf<TestCaseView>(client, '/v1/tests', { agent_id: agentId });
  return {
    agent_id: agentId,
    case_ids: cases?.map((given) => caseId(known, given)),
    variants,
    repeat: options.repeat,
    max_cost_usd: options.maxCost,
    judge_model: options.judge,
    concurrency: options.atOnce,
  };
}

function caseId(known: readonly TestCaseView[], given: string): string {
  const found = known.find(({ id, name }) => id === given || name === given);
  if (found !== undefined) return found.id;
  throw new CliError(`The agent has no test case "${given}".`, {
    hint: `There are: ${known.map(({ name }) => name).join(', ') || 'none'}.`,
  });
}

async function untilEnded(
  { client, io, notes }: CommandContext,
  started: TestRunView,
): Promise<{ readonly testRun: TestRunView; readonly text: string }> {
  notes.line(notes.style.dim(`${started.id}: ${started.runs} runs`));
  let shown = 0;
  for (;;) {
    const path = `/v1/tests/runs/${started.id}`;
    const { text, body } = await client.send<One<TestRunView>>({ path, signal: io.readerGone });
    const testRun = body.data;
    if (testRun.status === 'completed' || testRun.status === 'cancelled') return { testRun, text };
    if (notes.isInteractive && testRun.runs_ended > shown) {
      shown = testRun.runs_ended;
      notes.line(
        notes.style.dim(`${shown} of ${testRun.runs} have ended, ${testRun.runs_passed} passed`),
      );
    }
    await sleep(askEveryMs, undefined, { signal: io.readerGone });
  }
}

/** A table of cases by variants, then every failed run with what was expected and what came. */
export async function printTestRun(context: CommandContext, testRun: TestRunView): Promise<void> {
  const { client, out } = context;
  const columns = testRun.variants.map(
    (variant, at): Column<NonNullable<TestRunView['cases']>[number]> => ({
      title: variantName(variant).toUpperCase(),
      value: (row) => (row.variants[at] === undefined ? '' : rateText(row.variants[at])),
    }),
  );
  printTable(out, {
    rows: testRun.cases ?? [],
    empty: 'No cases.',
    columns: [
      {
        title: '',
        value: ({ passed }) => (passed === null ? '…' : passed ? 'ok' : 'FAILED'),
        paint: (cell, { passed }) =>
          passed === false ? out.style.bad(cell) : out.style.good(cell),
      },
      ...columns,
      { title: 'CASE', value: (row) => row.name, shrinks: true },
    ],
  });
  const results = await resultsOf(client, testRun);
  for (const result of results) {
    if (result.status === 'passed' || result.status === 'pending') continue;
    out.line();
    const name = `${result.case_name}, ${variantName(result)}, run ${result.repeat}: ${result.status}`;
    out.line(out.style.strong(sanitizedLine(name)));
    if (result.reason !== null) out.line(`  ${sanitizedLine(result.reason)}`);
    for (const { expected, passed, detail } of result.verdicts ?? []) {
      if (passed) continue;
      out.line(`  ${out.style.bad('expected')} ${sanitizedLine(expected)}`);
      if (detail !== null) out.line(`  ${out.style.dim('but')}      ${sanitizedLine(detail)}`);
    }
    if (result.run_id !== null) {
      out.line(out.style.dim(`  signalbox runs get ${result.run_id}`));
    }
  }
  out.line();
  const cost = testRun.cost_usd === null ? 'cost unknown' : `${testRun.cost_usd.toFixed(4)} USD`;
  const verdict =
    testRun.passed === true ? out.style.good('passed') : out.style.bad(verdictOf(testRun));
  out.line(`${verdict}: ${testRun.runs_passed} of ${testRun.runs} runs, ${cost}`);
}

function verdictOf({ status, passed }: TestRunView): string {
  return status === 'completed' && passed === false ? 'failed' : status;
}

/** `8/10 (49–94 %)`; of one run just whether it passed. */
export function rateText(rate: PassRateView): string {
  const { runs_ended: ended, runs_passed: passed, pass_rate_low: low, pass_rate_high: high } = rate;
  const share = `${passed}/${rate.runs}`;
  if (ended < 2 || low === null || high === null) return share;
  return `${share} (${Math.round(low * 100)}–${Math.round(high * 100)} %)`;
}

async function resultsOf(
  client: CommandContext['client'],
  testRun: TestRunView,
): Promise<TestResultView[]> {
  return await allOf<TestResultView>(client, `/v1/tests/runs/${testRun.id}/results`);
}

async function writeJunit(
  { client }: CommandContext,
  file: string,
  testRun: TestRunView,
): Promise<void> {
  const { body } = await client.send<One<AgentView>>({ path: `/v1/agents/${testRun.agent_id}` });
  const xml = toJunit(body.data.name, await resultsOf(client, testRun));
  try {
    await writeFile(file, xml);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new CliError(`--junit: cannot write ${file}: ${reason}.`, { cause });
  }
}

function integer(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number from 1.');
}

function integers(text: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), integer(text)];
}
