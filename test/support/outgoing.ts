import type { SecretBox } from '../../src/core/secret-box.ts';
import type { Mail } from '../../src/notifications/mail.ts';
import { NoticeDeliverer } from '../../src/notifications/notice-deliverer.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import type { Database } from '../../src/store/connect.ts';
import { silent } from './engine.ts';

/** What deliverers send by: to loopback alone, where every name leads, and unencrypted too. */
export function loopbackWay(deps: { readonly db: Database; readonly secretBox: SecretBox }) {
  return {
    db: deps.db,
    secretBox: deps.secretBox,
    logger: silent,
    guard: createGuard({
      isAllowedAddress: (address) => address === '127.0.0.1',
      resolve: async () => ['127.0.0.1'],
    }),
    mayBePlain: () => true,
    userAgent: 'Signalbox/test',
  };
}

/** Sends the messages to people that are due, until none is; mails are put beside those in `mails`. */
export async function sendNotices(
  deps: {
    readonly db: Database;
    readonly secretBox: SecretBox;
    readonly cursorKey: Buffer;
  },
  given: { readonly mails: Mail[]; readonly publicUrl: string | null },
): Promise<void> {
  await using deliverer = new NoticeDeliverer({
    ...loopbackWay(deps),
    publicUrl: given.publicUrl,
    cursorKey: deps.cursorKey,
    sendMail: async (mail) => {
      given.mails.push(mail);
      return { kind: 'sent' };
    },
  });
  deliverer.start();
  await deliverer.idle();
}
