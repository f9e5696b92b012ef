import { type TestResultView, variantName } from './test-views.ts';

/**
 * A test run as JUnit XML, as CI systems read it: a suite for every version and model, a test case for every
 * run. Its form: https://github.com/testmoapp/junitxml
 */
export function toJunit(agentName: string, results: readonly TestResultView[]): string {
  const suites = [...Map.groupBy(results, variantName)].map(([name, own]) =>
    element(
      'testsuite',
      { name: `${agentName} ${name}`, ...countsOf(own) },
      own.map((result) => caseOf(agentName, result)),
    ),
  );
  const all = element('testsuites', { name: agentName, ...countsOf(results) }, suites);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${all}\n`;
}

function caseOf(agentName: string, result: TestResultView): string {
  const failed = (result.verdicts ?? []).filter(({ passed }) => !passed);
  const lines = failed.map(({ expected, detail }) => `${expected}: ${detail ?? 'no'}`);
  const why = [...lines, ...(result.reason === null ? [] : [result.reason])];
  const message = why[0] ?? result.status;
  const outcome: Readonly<Record<string, string[]>> = {
    passed: [],
    failed: [element('failure', { message }, [escaped(why.join('\n'))])],
    error: [element('error', { message }, [escaped(why.join('\n'))])],
  };
  const run = result.run_id === null ? [] : [element('system-out', {}, [`run ${result.run_id}`])];
  const attributes = {
    name: result.repeat === 1 ? result.case_name : `${result.case_name} (${result.repeat})`,
    classname: agentName,
    time: secondsOf(result).toFixed(3),
  };
  const skipped = [element('skipped', { message }, [])];
  return element('testcase', attributes, [...(outcome[result.status] ?? skipped), ...run]);
}

function countsOf(results: readonly TestResultView[]) {
  const count = (...statuses: string[]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    tests: String(results.length),
    failures: String(count('failed')),
    errors: String(count('error')),
    skipped: String(results.length - count('passed', 'failed', 'error')),
    time: results.reduce((sum, result) => sum + secondsOf(result), 0).toFixed(3),
  };
}

function secondsOf({ started_at, completed_at }: TestResultView): number {
  if (started_at === null || completed_at === null) return 0;
  return (Date.parse(completed_at) - Date.parse(started_at)) / 1_000;
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[],
): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `<${name}${given.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('\n')}</${name}>`;
}

/** XML 1.0 has no way to write most control characters, surrogates without their half, or U+FFFE and U+FFFF. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\n': '&#10;',
  };
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\n]/g, (character) => entities[character] ?? character);
}
