import { createSecretBox } from '../../src/core/secret-box.ts';
import { gatherNotifications } from '../../src/notifications/gather.ts';
import { mailSender } from '../../src/notifications/mail.ts';
import { NoticeDeliverer } from '../../src/notifications/notice-deliverer.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import { openDatabase } from '../../src/store/connect.ts';
import { dyingAround } from './dying-database.ts';

// What tells members, as a process of its own, for a test that kills it: tells what there is once, and ends.
//   node test/support/notices-main.ts SMTP_URL [before|after:STATEMENT]      with DATABASE_URL
// With a second argument it kills itself (SIGKILL) around the statement of that name.

const [smtpUrl = '', dies] = process.argv.slice(2);
const url = process.env.DATABASE_URL ?? '';
const silent = { debug() {}, info() {}, warn() {}, error() {} };
await using opened = openDatabase({ kind: 'url', url }, { max: 4 });
const db = dyingAround(opened, dies);
const deliverer = new NoticeDeliverer({
  ...{ db, logger: silent, publicUrl: 'https://signalbox.example.com' },
  secretBox: createSecretBox('a key for these tests only'),
  guard: createGuard({ isAllowedAddress: (address) => address === '127.0.0.1' }),
  ...{ mayBePlain: () => true, userAgent: 'Signalbox/test' },
  sendMail: mailSender(smtpUrl, 'signalbox@example.com'),
  cursorKey: Buffer.alloc(32),
});
await gatherNotifications({ db, publicUrl: null, nudge: () => undefined, gatherMs: 0 });
await gatherNotifications({ db, publicUrl: null, nudge: () => undefined, gatherMs: 0 });
deliverer.start();
await deliverer.idle();
await deliverer[Symbol.asyncDispose]();
