import { describe, expect, test } from 'vitest';
import { startMailServer } from '../../test/support/mail-server.ts';
import { mailSender } from './mail.ts';

const mail = {
  id: 'nt1',
  to: 'ops@example.com',
  subject: 'Two\r\nBcc: x@example.com',
  text: 'What to do.',
  unsubscribeUrl: 'https://signalbox.example.com/unsubscribe/x',
};

describe('mail of the operator’s server', () => {
  test('is sent with a login, an id of its own, its subject on one line, and a way to end it', async () => {
    const login = { user: 'signalbox', password: 'a password' };
    await using server = await startMailServer({ login });
    const send = mailSender(
      `smtp://signalbox:a%20password@127.0.0.1:${server.port}`,
      'Signalbox <signalbox@Example.com>',
    );
    expect(await send(mail)).toEqual({ kind: 'sent' });
    const [got] = server.received;
    expect(got).toMatchObject({ to: ['ops@example.com'], user: 'signalbox' });
    expect(got?.mail).toMatchObject({
      subject: 'Two Bcc: x@example.com',
      messageId: '<nt1@example.com>',
      text: 'What to do.\n',
    });
    const header = (key: string) => got?.mail.headers.find((one) => one.key === key)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('list-unsubscribe')).toBe('<https://signalbox.example.com/unsubscribe/x>');
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const wrong = mailSender(`smtp://signalbox:no@127.0.0.1:${server.port}`, 'a@example.com');
    // People mend a login, so that is tried again.
    expect(await wrong(mail)).toMatchObject({ kind: 'not_sent' });
  });

  test('says of what is refused whether it is for good', async () => {
    await using server = await startMailServer();
    const send = mailSender(`smtp://127.0.0.1:${server.port}`, 'a@example.com');
    server.answer = () => '451 Try again later.';
    expect(await send(mail)).toMatchObject({
      kind: 'not_sent',
      error: expect.stringContaining('Try again later'),
    });
    server.answer = () => '550 No such user here.';
    expect(await send(mail)).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('No such user here'),
    });
    expect(await mailSender('smtp://127.0.0.1:9', 'a@example.com')(mail)).toMatchObject({
      kind: 'not_sent',
    });
  });
});
