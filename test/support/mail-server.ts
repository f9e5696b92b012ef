import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { TestCertificate } from './certificate.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | null;
  readonly isEncrypted: boolean;
  readonly mail: Email;
}

/** What becomes of a mail that came in whole: it is taken, refused by a reply such as `451 Later.`, or never answered. */
export type Answer = 'take' | 'hang' | `${4 | 5}${number} ${string}`;

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  /** Every mail whose data came in whole, in order, also where it was then refused. */
  readonly received: ReceivedMail[];
  answer: (mail: ReceivedMail) => Answer | Promise<Answer>;
}

/** A real SMTP server on loopback: TLS from the first byte or by STARTTLS with a certificate, a login if one is given. */
export async function startMailServer(
  options: {
    readonly certificate?: TestCertificate;
    readonly isImplicitTls?: boolean;
    readonly login?: { readonly user: string; readonly password: string };
  } = {},
): Promise<MailServer> {
  const { certificate, isImplicitTls = false, login } = options;
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    secure: isImplicitTls,
    ...(certificate ?? {}),
    disabledCommands: [
      ...(certificate === undefined || isImplicitTls ? ['STARTTLS'] : []),
      ...(login === undefined ? ['AUTH'] : []),
    ],
    authOptional: login === undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: (given, _session, done) => {
      const isRight = given.username === login?.user && given.password === login?.password;
      if (isRight) done(null, { user: given.username ?? '' });
      else done(new Error('Wrong login'));
    },
    onData: (stream, session, done) => {
      const take = async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        const { mailFrom, rcptTo } = session.envelope;
        const mail: ReceivedMail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user === undefined ? null : String(session.user),
          isEncrypted: session.secure,
          mail: await PostalMime.parse(Buffer.concat(chunks)),
        };
        received.push(mail);
        const answer = await mailServer.answer(mail);
        if (answer === 'hang') return;
        if (answer === 'take') return done();
        const [code, ...words] = answer.split(' ');
        done(Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }));
      };
      take().catch(done);
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const mailServer: MailServer = {
    port,
    received,
    answer: () => 'take',
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
  return mailServer;
}
