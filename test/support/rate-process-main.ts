import { SharedRates } from '../../src/api/shared-rates.ts';
import { openDatabase } from '../../src/store/connect.ts';

// One process of several that share a limit: takes as often as it is told to, and prints how often it may.

const [url = '', key = '', limit = '0', times = '0'] = process.argv.slice(2);
const logger = { debug() {}, info() {}, warn() {}, error() {} };
await using db = openDatabase({ kind: 'url', url }, { max: 2 });
await db.query('SELECT 1');
using rates = new SharedRates({ db, logger });
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
let allowed = 0;
for (let n = 0; n < Number(times); n += 10) {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => rates.take(key, Number(limit))),
  );
  allowed += answers.filter((answer) => answer.allowed).length;
}
process.stdout.write(`${allowed}\n`);
