import { createTransport } from 'nodemailer';
import type { Mail } from './send-notices.ts';

/** Sends mail by the operator's server: `smtp://user:password@host:587`, `smtps://…` for TLS from the start. */
export function mailSender(smtpUrl: string, from: string): (mail: Mail) => Promise<void> {
  const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
  const closed = { disableFileAccess: true, disableUrlAccess: true };
  const transport = createTransport({ url: smtpUrl, ...limits, ...closed }, { from });
  return async ({ to, subject, text }) => {
    await transport.sendMail({ to, subject: subject.replace(/[\r\n]+/g, ' '), text });
  };
}
