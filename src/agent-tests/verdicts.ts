import { isDeepStrictEqual } from 'node:util';
import type {
  ExpectedCall,
  ExpectedText,
  ExpectedValue,
  TestDefinition,
  TestVerdict,
} from '../core/agent-test.ts';
import type { JournalEntry } from '../core/journal.ts';
import { isJsonSubset } from '../core/json-subset.ts';
import { pointerPath, valueAtPath } from '../core/payload-path.ts';
import { type Run, totalsOf } from '../core/run.ts';
import { assignResults } from '../core/scripted-results.ts';
import { callsIn, readsAgentItself } from '../runs/test-tools.ts';
import { testPattern } from './pattern.ts';

// What came of the run of a test, held against what was expected: a pure function of the run and its journal,
// but for texts that a model judges.

interface Made {
  readonly tool: string;
  readonly input: unknown;
}

/** One verdict for every expectation but those that a model judges. */
export function verdictsOf(
  test: TestDefinition,
  run: Run,
  journal: readonly JournalEntry[],
): TestVerdict[] {
  const { expect } = test;
  const calls = callsIn(journal);
  const made = calls.map(({ tool, inputJson }): Made => ({ tool, input: JSON.parse(inputJson) }));
  const output: unknown = run.outputJson === null ? undefined : JSON.parse(run.outputJson);
  return [
    statusVerdict(run, expect.status ?? 'completed'),
    ...(test.tools.others === 'refuse' ? [scriptVerdict(test, calls)] : []),
    ...(expect.disposition === undefined ? [] : [dispositionVerdict(run, expect.disposition)]),
    ...(expect.output ?? []).map((value) => outputVerdict(output, value)),
    ...(expect.tools_called ?? []).map((call) => calledVerdict(made, call)),
    ...(expect.tools_not_called ?? []).map((call) => notCalledVerdict(made, call)),
    ...(expect.tools_in_order === undefined ? [] : [orderVerdict(made, expect.tools_in_order)]),
    ...(expect.max_tool_calls === undefined ? [] : [countVerdict(made, expect.max_tool_calls)]),
    ...(expect.max_cost_usd === undefined ? [] : [costVerdict(run, expect.max_cost_usd)]),
    ...(expect.text ?? []).flatMap((rule) =>
      rule.judge === undefined ? [textVerdict(run.response, rule)] : [],
    ),
  ];
}

function statusVerdict(run: Run, expected: 'completed' | 'failed'): TestVerdict {
  const passed = run.status === expected;
  return {
    kind: 'status',
    expected: `the run is ${expected}`,
    passed,
    detail: passed ? null : `it is ${run.status}${run.error === null ? '' : `: ${run.error}`}`,
  };
}

function scriptVerdict(
  test: TestDefinition,
  calls: readonly { readonly tool: string; readonly inputJson: string }[],
): TestVerdict {
  const results = assignResults(test.tools.results, calls);
  const without = calls.filter(
    ({ tool }, index) => results[index] === null && !readsAgentItself(tool),
  );
  return {
    kind: 'tools',
    expected: 'every call has a scripted result',
    passed: without.length === 0,
    detail:
      without.length === 0
        ? null
        : `none for ${without.map(({ tool, inputJson }) => `${tool}(${excerpt(inputJson)})`).join(', ')}`,
  };
}

function dispositionVerdict(run: Run, expected: readonly string[]): TestVerdict {
  const passed = run.disposition !== null && expected.includes(run.disposition);
  return {
    kind: 'disposition',
    expected: `the disposition is ${expected.join(' or ')}`,
    passed,
    detail: passed ? null : `it is ${run.disposition ?? 'none'}`,
  };
}

function outputVerdict(output: unknown, expected: ExpectedValue): TestVerdict {
  const value = valueAtPath(output, pointerPath(expected.path));
  const name = expected.path === '' ? 'the output' : `output ${expected.path}`;
  const detail =
    value === undefined ? 'it is not there' : `it is ${excerpt(JSON.stringify(value))}`;
  const verdict = (what: string, passed: boolean, why = detail): TestVerdict => ({
    kind: 'output',
    expected: `${name} ${what}`,
    passed,
    detail: passed ? null : why,
  });
  if (expected.exists !== undefined) {
    return verdict(
      expected.exists ? 'exists' : 'does not exist',
      (value !== undefined) === expected.exists,
    );
  }
  if (expected.matches !== undefined) {
    const outcome = typeof value === 'string' ? testPattern(expected.matches, value) : false;
    const why = outcome === 'too_slow' ? tooSlow : detail;
    return verdict(`matches /${expected.matches}/`, outcome === true, why);
  }
  const what = `equals ${excerpt(JSON.stringify(expected.equals ?? null))}`;
  return verdict(what, isDeepStrictEqual(value, expected.equals ?? null));
}

function calledVerdict(made: readonly Made[], expected: ExpectedCall): TestVerdict {
  const count = made.filter((call) => isCall(call, expected)).length;
  const passed = expected.times === undefined ? count > 0 : count === expected.times;
  const often = expected.times === undefined ? '' : ` ${times(expected.times)}`;
  return {
    kind: 'tools_called',
    expected: `${callName(expected)} is called${often}`,
    passed,
    detail: passed ? null : `it is called ${times(count)}; calls: ${listed(made)}`,
  };
}

function notCalledVerdict(made: readonly Made[], expected: ExpectedCall): TestVerdict {
  const found = made.find((call) => isCall(call, expected));
  return {
    kind: 'tools_not_called',
    expected: `${callName(expected)} is not called`,
    passed: found === undefined,
    detail:
      found === undefined ? null : `it is called with ${excerpt(JSON.stringify(found.input))}`,
  };
}

function orderVerdict(made: readonly Made[], expected: readonly string[]): TestVerdict {
  let reached = 0;
  for (const { tool } of made) if (tool === expected[reached]) reached += 1;
  const passed = reached === expected.length;
  return {
    kind: 'tools_in_order',
    expected: `called in this order: ${expected.join(', ')}`,
    passed,
    detail: passed ? null : `calls: ${listed(made)}`,
  };
}

function countVerdict(made: readonly Made[], most: number): TestVerdict {
  const passed = made.length <= most;
  return {
    kind: 'max_tool_calls',
    expected: `at most ${most} calls of tools`,
    passed,
    detail: passed ? null : `there are ${made.length}: ${listed(made)}`,
  };
}

function costVerdict(run: Run, most: number): TestVerdict {
  const { costUsd } = totalsOf(run);
  const passed = costUsd !== null && costUsd <= most;
  return {
    kind: 'max_cost_usd',
    expected: `it costs at most ${most} USD`,
    passed,
    detail: passed ? null : costUsd === null ? 'its cost is not known' : `it costs ${costUsd} USD`,
  };
}

const tooSlow = 'the pattern took too long on it; write it without nested repetitions';

function textVerdict(response: string | null, rule: ExpectedText): TestVerdict {
  const text = response ?? '';
  const verdict = (expected: string, outcome: boolean | 'too_slow'): TestVerdict => ({
    kind: 'text',
    expected: `the response ${expected}`,
    passed: outcome === true,
    detail: outcome === true ? null : outcome === 'too_slow' ? tooSlow : shown(response),
  });
  if (rule.equals !== undefined) {
    return verdict(`is ${JSON.stringify(excerpt(rule.equals))}`, text === rule.equals);
  }
  if (rule.contains !== undefined) {
    return verdict(`contains ${JSON.stringify(rule.contains)}`, text.includes(rule.contains));
  }
  if (rule.not_contains !== undefined) {
    const found = text.includes(rule.not_contains);
    return verdict(`does not contain ${JSON.stringify(rule.not_contains)}`, !found);
  }
  if (rule.matches !== undefined) {
    return verdict(`matches /${rule.matches}/`, testPattern(rule.matches, text));
  }
  const outcome = testPattern(rule.not_matches ?? '', text);
  return verdict(
    `does not match /${rule.not_matches}/`,
    outcome === 'too_slow' ? outcome : !outcome,
  );
}

function isCall(call: Made, expected: ExpectedCall): boolean {
  if (call.tool !== expected.tool) return false;
  return expected.arguments === undefined || isJsonSubset(expected.arguments, call.input);
}

function callName({ tool, arguments: args }: ExpectedCall): string {
  return args === undefined ? tool : `${tool} with ${excerpt(JSON.stringify(args))}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function listed(made: readonly Made[]): string {
  if (made.length === 0) return '(none)';
  return excerpt(made.map(({ tool, input }) => `${tool}(${JSON.stringify(input)})`).join(', '));
}

function shown(response: string | null): string {
  return response === null ? 'there is none' : `it is ${JSON.stringify(excerpt(response))}`;
}

function excerpt(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
