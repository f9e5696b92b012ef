import { createTransport } from 'nodemailer';
import { isFinalReply } from '../core/is-final-reply.ts';

export interface Mail {
  /** Of the message, the same at every attempt: a mail server that knows it shows one. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Where one click ends such mail (RFC 8058); null: nowhere. */
  readonly unsubscribeUrl: string | null;
}

/** How an attempt ended. */
export type Mailed =
  | { readonly kind: 'sent' }
  /** It has not arrived, or nobody knows. */
  | { readonly kind: 'not_sent'; readonly error: string }
  /** It never will. */
  | { readonly kind: 'refused'; readonly error: string };

export type SendMail = (mail: Mail) => Promise<Mailed>;

/** Sends mail by the operator's server: `smtp://user:password@host:587`, `smtps://…` for TLS from the start. */
export function mailSender(smtpUrl: string, from: string): SendMail {
  const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
  const closed = { disableFileAccess: true, disableUrlAccess: true };
  const transport = createTransport({ url: smtpUrl, ...limits, ...closed }, { from });
  const domain = /@([^\s>]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? 'localhost';
  return async (mail) => {
    try {
      await transport.sendMail({
        to: mail.to,
        subject: mail.subject.replace(/[\r\n]+/g, ' '),
        text: mail.text,
        messageId: `<${mail.id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(mail) },
      });
      return { kind: 'sent' };
    } catch (thrown) {
      const { responseCode } = thrown as { readonly responseCode?: unknown };
      const said = thrown instanceof Error ? thrown.message.slice(0, 300) : 'no reason given';
      const error = `The mail server did not take it: ${said}`;
      const isFinal = typeof responseCode === 'number' && isFinalReply(responseCode);
      return { kind: isFinal ? 'refused' : 'not_sent', error };
    }
  };
}

function unsubscribeHeaders({ unsubscribeUrl: url }: Mail): Record<string, string> {
  if (url === null) return {};
  return {
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
