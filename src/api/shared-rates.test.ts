import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openDatabase } from '../store/connect.ts';
import { sweepRateCounts } from '../store/rate-counts.ts';
import { SharedRates, untoldAtMost } from './shared-rates.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What a limit lets in at most, with so many processes. */
const bound = (limit: number, processes: number) => limit + 2 * processes * untoldAtMost(limit);

async function startProcess(key: string, limit: number, times: number) {
  const main = fileURLToPath(new URL('../../test/support/rate-process-main.ts', import.meta.url));
  const args = [main, database.url, key, String(limit), String(times)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    go: async () => {
      child.stdin.end('go\n');
      return Number((await lines.next()).value);
    },
  };
}

describe('a limit over several processes', () => {
  test('lets in as many as it says, and few more, when two processes are asked at once', async () => {
    const processes = await Promise.all([1, 2].map(() => startProcess('two', 500, 400)));
    const allowed = await Promise.all(processes.map(({ go }) => go()));
    const sum = allowed.reduce((a, b) => a + b);
    // A clock that crosses no minute sees all of them in one window.
    expect(sum).toBeGreaterThanOrEqual(500);
    expect(sum).toBeLessThanOrEqual(bound(500, 2));
  }, 60_000);

  test('is used up by one process for the others, too', async () => {
    const nowMs = () => 1_700_000_000_000;
    using first = new SharedRates({ db: database.db, logger }, nowMs);
    using second = new SharedRates({ db: database.db, logger }, nowMs);
    const take = async (rates: SharedRates, times: number) => {
      let allowed = 0;
      for (let n = 0; n < times; n++) {
        if ((await rates.take('one', 20)).allowed) allowed += 1;
      }
      return allowed;
    };
    expect(await take(first, 30)).toBe(20);
    expect(await take(second, 30)).toBeLessThanOrEqual(2 * untoldAtMost(20));
    expect((await second.take('one', 20)).remaining).toBe(0);
    expect(await sweepRateCounts(database.db)).toBeGreaterThan(0);
  });

  test('goes on in each process alone while the database is away, and holds no request up', async () => {
    const url = 'postgresql://nobody@127.0.0.1:1/none';
    await using away = openDatabase({ kind: 'url', url }, { max: 1 });
    using rates = new SharedRates({ db: away, logger });
    const answers = [];
    for (let n = 0; n < 30; n++) answers.push(await rates.take('away', 25));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(25);
  });
});
