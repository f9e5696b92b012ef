import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with one line for each reason why tests were skipped, and how many, and with the name of every
 * test that passed only at its second try: on a busy machine that can be the clock's fault, but look at it.
 */
export class SkipReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('passed')) {
        if (test.diagnostic()?.flaky) console.log(`passed at its second try: ${test.fullName}`);
      }
      for (const test of module.children.allTests('skipped')) {
        const reason = reasonOf(test);
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
      }
    }
    for (const [reason, count] of counts) {
      console.log(`skipped: ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}`);
    }
  }
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped' && result.note) return result.note;
  for (let at: TestCase | TestCase['parent'] = test; ; at = at.parent) {
    const { skipReason } = at.meta();
    if (skipReason) return skipReason;
    if (at.type === 'module') return `no reason given (${at.relativeModuleId})`;
  }
}
