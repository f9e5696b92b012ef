// The last line of CI: what all its stages ran, from Vitest's JSON reports and the stages' exit codes.
// Usage: node scripts/tally.js FOLDER, with NAME.json and NAME.exit files in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.exit')) continue;
  const name = file.slice(0, -'.exit'.length);
  const counts = countStage(name);
  console.log(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  for (const key of Object.keys(total)) total[key] += counts[key];
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** A stage without a report counts as one; a stage that failed counts at least one failure. */
function countStage(name) {
  const succeeded = readFileSync(join(folder, `${name}.exit`), 'utf8').trim() === '0';
  const report = join(folder, `${name}.json`);
  if (!existsSync(report)) {
    return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: succeeded ? numFailedTests : Math.max(1, numFailedTests),
    skipped: numPendingTests + numTodoTests,
  };
}
