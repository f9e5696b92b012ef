import { z } from 'zod';
import { attachmentMaxima, toAttachments } from '../../core/attachment.ts';
import { ApiError } from '../../core/errors.ts';
import { isSameSecret } from '../../core/is-same-secret.ts';
import type { ClaimedMessage } from '../../store/message-claims.ts';
import type { ChannelAdapter, InboundRequest, OpenChannel, Read } from './adapter.ts';
import { namesOf } from './body.ts';
import { type EmailForm, formOf, isSignedByMailgun, readEmail, readEmailForm } from './email-in.ts';
import { sendBySmtp } from './smtp.ts';

// E-mail: in by the webhook of a mail service, out by SMTP. Messages find their conversation by what they refer to
// (RFC 5322), or, as `unthreaded_email`, by their writer.

const address = z.email().max(320);
const config = z.strictObject({
  from: address,
  from_name: z.string().max(200).nullable().default(null),
  smtp: z
    .strictObject({
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535).default(465),
      security: z.enum(['tls', 'starttls', 'none']).default('tls'),
      user: z.string().max(320).nullable().default(null),
    })
    .nullable()
    .default(null),
  /** How what comes in is known to come from the service: its URL alone, Basic or Bearer, or Mailgun's signature. */
  verify: z.enum(['url', 'password', 'mailgun']).default('url'),
});

const smtpPorts = (port: number) => port > 1_023 || [25, 465, 587].includes(port);

/** What is kept of one message, in base64, and as much text as a message may have beside it. */
const maxRequestBytes = Math.ceil(attachmentMaxima.allBytes * 1.4) + 2_097_152;

export const emailAdapter: ChannelAdapter = {
  kinds: ['email', 'unthreaded_email'],
  config,
  secrets: z.strictObject({
    smtp_password: z.string().max(1_000).optional(),
    inbound_password: z.string().min(8).max(1_000).optional(),
    mailgun_signing_key: z.string().min(8).max(1_000).optional(),
  }),
  knowsRepeats: false,
  hasUrl: true,
  maxBytes: maxRequestBytes,
  problems: (given, secrets) => {
    const { smtp, verify } = config.parse(given);
    const problems = new Map<string, string>();
    if (smtp !== null && !smtpPorts(smtp.port)) {
      problems.set('config.smtp.port', 'must be 25, 465, 587 or one above 1023');
    }
    if (smtp !== null && smtp.user !== null && secrets.smtp_password === undefined) {
      problems.set('secrets.smtp_password', 'is required beside config.smtp.user');
    }
    const needed = { url: null, password: 'inbound_password', mailgun: 'mailgun_signing_key' }[
      verify
    ];
    if (needed !== null && secrets[needed] === undefined) {
      problems.set(`secrets.${needed}`, `is required while config.verify is ${verify}`);
    }
    return problems;
  },
  async read(open, request): Promise<Read> {
    const { from } = config.parse(open.channel.config);
    const form = await requireService(open, request);
    const email = await (form === null
      ? readEmail(request.body, request.contentType)
      : readEmailForm(form));
    const attachments = toAttachments(email.files);
    if (email.text === '' && attachments.length === 0) return { kind: 'items', items: [] };
    const isThreaded = open.channel.channel === 'email';
    return {
      kind: 'items',
      items: [
        {
          kind: 'message',
          externalId: email.messageId,
          threadKey: isThreaded ? (email.messageId ?? threadOf(email)) : email.from.address,
          ...(isThreaded ? { references: email.references } : {}),
          contact: { value: email.from.address, scope: '', ...namesOf(email.from.name) },
          sender: { externalId: email.from.address, name: email.from.name },
          subject: email.subject,
          body: email.text,
          attachments,
          // Two machines that answer each other would never end.
          wantsReply: !email.isAutomatic && email.from.address !== from.toLowerCase(),
        },
      ],
    };
  },
  async send({ channel, secrets }, message, way) {
    const { smtp, from, from_name } = config.parse(channel.config);
    if (smtp === null) return { kind: 'refused', error: 'The channel has no SMTP server.' };
    const server = { ...smtp, password: secrets.smtp_password ?? null };
    return await sendBySmtp(
      server,
      {
        from: { address: from, name: from_name },
        to: message.to,
        subject: subjectOf(message),
        text: message.body,
        messageId: `<${message.id}@${from.split('@')[1]?.toLowerCase() ?? 'localhost'}>`,
        references: message.references,
        isAutomatic: message.isAutomatic,
      },
      way,
    );
  },
};

/** The form that had to be read for it; null: nothing was. Throws `unauthenticated`. */
async function requireService(
  open: OpenChannel,
  request: InboundRequest,
): Promise<EmailForm | null> {
  const { verify } = config.parse(open.channel.config);
  if (verify === 'url') return null;
  if (verify === 'mailgun') {
    const form = await formOf(request.body, request.contentType ?? '');
    const key = open.secrets.mailgun_signing_key;
    if (key !== undefined && isSignedByMailgun(form, { key, nowMs: request.nowMs })) return form;
    throw new ApiError('unauthenticated', 'The signature is not that of the Mailgun account.');
  }
  const [scheme, value = ''] = (request.header('authorization') ?? '').split(' ', 2);
  const given =
    scheme?.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':')
      : value;
  const expected = open.secrets.inbound_password;
  if (expected !== undefined && isSameSecret(given, expected)) return null;
  throw new ApiError('unauthenticated', 'The password in Authorization is not the channel’s.');
}

/** A message without an id of its own cannot be answered by reference: its writer and subject are its thread. */
function threadOf(email: {
  readonly from: { readonly address: string };
  readonly subject: string | null;
}): string {
  return `${email.from.address} ${email.subject ?? ''}`.slice(0, 900);
}

function subjectOf(message: ClaimedMessage): string {
  if (message.subject !== null) return message.subject;
  const subject = message.conversationSubject ?? 'Your message';
  return /^re:/i.test(subject) || message.references.length === 0 ? subject : `Re: ${subject}`;
}
