import { createSecretBox } from '../../src/core/secret-box.ts';
import { gatherNotifications } from '../../src/notifications/gather.ts';
import { mailSender } from '../../src/notifications/mail.ts';
import { NoticeDeliverer } from '../../src/notifications/notice-deliverer.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import {
  type Database,
  openDatabase,
  type Queryable,
  type Statement,
} from '../../src/store/connect.ts';

// What tells members, as a process of its own, for a test that kills it: tells what there is once, and ends.
//   node test/support/notices-main.ts SMTP_URL [before|after:STATEMENT]      with DATABASE_URL
// With a second argument it kills itself (SIGKILL) around the statement of that name.

const [smtpUrl = '', dies] = process.argv.slice(2);
const url = process.env.DATABASE_URL ?? '';
const silent = { debug() {}, info() {}, warn() {}, error() {} };
await using opened = openDatabase({ kind: 'url', url }, { max: 4 });
const db = dying(opened);
const deliverer = new NoticeDeliverer({
  ...{ db, logger: silent, publicUrl: 'https://signalbox.example.com' },
  secretBox: createSecretBox('a key for these tests only'),
  guard: createGuard({ isAllowedAddress: (address) => address === '127.0.0.1' }),
  ...{ mayBePlain: () => true, userAgent: 'Signalbox/test' },
  sendMail: mailSender(smtpUrl, 'signalbox@example.com'),
  unsubscribeKey: Buffer.alloc(32),
});
await gatherNotifications({ db, publicUrl: null, nudge: () => undefined, gatherMs: 0 });
await gatherNotifications({ db, publicUrl: null, nudge: () => undefined, gatherMs: 0 });
deliverer.start();
await deliverer.idle();
await deliverer[Symbol.asyncDispose]();

function dying(inner: Database): Database {
  return {
    ...around(inner),
    transaction: (work, options) => inner.transaction((tx) => work(around(tx)), options),
    connect: (options) => inner.connect(options),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

function around(inner: Queryable): Queryable {
  const at = (when: 'before' | 'after', statement: Statement | string) => {
    if (typeof statement === 'string' || dies !== `${when}:${statement.name}`) return;
    process.kill(process.pid, 'SIGKILL');
  };
  return {
    async query<Row>(statement: Statement | string) {
      at('before', statement);
      const rows = await inner.query<Row>(statement);
      at('after', statement);
      return rows;
    },
    async execute(statement: Statement | string) {
      at('before', statement);
      const count = await inner.execute(statement);
      at('after', statement);
      return count;
    },
  };
}
