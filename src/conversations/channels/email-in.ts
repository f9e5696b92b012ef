import { createHmac, timingSafeEqual } from 'node:crypto';
import { convert } from 'html-to-text';
import PostalMime, { addressParser } from 'postal-mime';
import { z } from 'zod';
import type { GivenFile } from '../../core/attachment.ts';
import { cutBody, decodeText, malformed, readJson } from './body.ts';

// E-mail as services hand it over by webhook: JSON with the names of Postmark or our own, forms with those of Mailgun or
// SendGrid, a raw message in any of them, or as the body itself (message/rfc822). All become one set of fields.
//
// Not protected: who really wrote it. `From` is what the sender says; checking SPF, DKIM and DMARC is the
// service's part.

export interface Email {
  readonly messageId: string | null;
  /** Ids of messages that it answers, the nearest last. */
  readonly references: readonly string[];
  readonly from: { readonly address: string; readonly name: string | null };
  readonly subject: string | null;
  readonly text: string;
  readonly files: readonly GivenFile[];
  /** An automatic reply, a list, or a report of what could not be delivered. */
  readonly isAutomatic: boolean;
}

const optional = z.string().nullish();
const headerList = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .or(z.array(z.object({ name: z.string(), value: z.string() })))
  .nullish();
const jsonFile = z.object({
  Name: optional,
  name: optional,
  ContentType: optional,
  content_type: optional,
  Content: optional,
  content: optional,
});
const jsonFields = z.looseObject({
  raw: optional,
  from: optional,
  From: optional,
  FromName: optional,
  subject: optional,
  Subject: optional,
  text: optional,
  TextBody: optional,
  StrippedTextReply: optional,
  html: optional,
  HtmlBody: optional,
  message_id: optional,
  MessageID: optional,
  in_reply_to: optional,
  references: z.union([z.string(), z.array(z.string())]).nullish(),
  headers: headerList,
  Headers: headerList,
  Attachments: z.array(jsonFile).nullish(),
  attachments: z.array(jsonFile).nullish(),
});

/** A form as a service posts it: the first field of each name, and the files that are no field of ours. */
export interface EmailForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly GivenFile[];
}

/** The e-mail in a request. Throws `malformed_request`. */
export async function readEmail(body: Uint8Array, contentType: string | null): Promise<Email> {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'message/rfc822') return await readRaw(body);
  if (type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded') {
    return await readEmailForm(await formOf(body, contentType ?? ''));
  }
  return await readFields(readJson(jsonFields, decodeText(body)));
}

/** Throws `malformed_request`. */
export async function formOf(body: Uint8Array, contentType: string): Promise<EmailForm> {
  let form: FormData;
  try {
    const request = new Response(Buffer.from(body), { headers: { 'content-type': contentType } });
    form = await request.formData();
  } catch (cause) {
    throw malformed('The form cannot be read.', cause);
  }
  const fields = new Map<string, string>();
  const files: GivenFile[] = [];
  for (const [name, value] of form) {
    if (typeof value !== 'string' && !rawFields.includes(name)) {
      const bytes = new Uint8Array(await value.arrayBuffer());
      files.push({ name: value.name, mediaType: value.type, bytes });
    } else if (!fields.has(name)) {
      fields.set(name, typeof value === 'string' ? value : await value.text());
    }
  }
  return { fields, files };
}

/** Whether Mailgun signed the form, within 5 minutes of now. */
export function isSignedByMailgun(
  { fields }: EmailForm,
  given: { readonly key: string; readonly nowMs: number },
): boolean {
  const [timestamp, token, signature] = ['timestamp', 'token', 'signature'].map(
    (name) => fields.get(name) ?? '',
  );
  if (!/^\d{1,12}$/.test(timestamp ?? '')) return false;
  if (Math.abs(given.nowMs / 1_000 - Number(timestamp)) > 300) return false;
  const expected = createHmac('sha256', given.key).update(`${timestamp}${token}`).digest();
  const sent = Buffer.from(signature ?? '', 'hex');
  return sent.length === expected.length && timingSafeEqual(sent, expected);
}

/** Where services put a raw message. */
const rawFields = ['body-mime', 'email', 'raw'];

/** Throws `malformed_request`. */
export async function readEmailForm({ fields: form, files }: EmailForm): Promise<Email> {
  const raw = rawFields.map((name) => form.get(name)).find((text) => text !== undefined);
  if (raw !== undefined) return await readRaw(raw);
  const headers = form.get('headers') ?? form.get('message-headers') ?? '';
  const found = headers.trimStart().startsWith('[') ? mailgunHeaders(headers) : rawHeaders(headers);
  const header = (name: string) => form.get(name) ?? found.get(name.toLowerCase()) ?? null;
  return emailOf({
    from: header('From') ?? form.get('from') ?? form.get('sender') ?? null,
    subject: header('Subject') ?? form.get('subject') ?? null,
    text: form.get('stripped-text') ?? form.get('body-plain') ?? form.get('text') ?? null,
    html: form.get('stripped-html') ?? form.get('body-html') ?? form.get('html') ?? null,
    messageId: header('Message-Id'),
    inReplyTo: header('In-Reply-To'),
    references: header('References'),
    files,
    header: (name) => header(name),
  });
}

async function readFields(given: z.output<typeof jsonFields>): Promise<Email> {
  if (given.raw) return await readRaw(given.raw);
  const list = (given.Headers ?? given.headers ?? []).map((one): [string, string] =>
    'Name' in one ? [one.Name.toLowerCase(), one.Value] : [one.name.toLowerCase(), one.value],
  );
  const headers = new Map(list);
  const references = Array.isArray(given.references)
    ? given.references.join(' ')
    : (given.references ?? null);
  const from = given.from ?? given.From ?? null;
  return emailOf({
    from:
      given.FromName && from !== null && !from.includes('<')
        ? `${JSON.stringify(given.FromName)} <${from}>`
        : from,
    subject: given.subject ?? given.Subject ?? null,
    text: given.StrippedTextReply || given.text || given.TextBody || null,
    html: given.html ?? given.HtmlBody ?? null,
    // Postmark's own id is no Message-ID; that is among its headers.
    messageId: given.message_id ?? headers.get('message-id') ?? given.MessageID ?? null,
    inReplyTo: given.in_reply_to ?? headers.get('in-reply-to') ?? null,
    references: references ?? headers.get('references') ?? null,
    files: (given.Attachments ?? given.attachments ?? []).map(fileOfJson),
    header: (name) => headers.get(name.toLowerCase()) ?? null,
  });
}

async function readRaw(raw: string | Uint8Array): Promise<Email> {
  let parsed: Awaited<ReturnType<typeof PostalMime.parse>>;
  try {
    parsed = await PostalMime.parse(raw, { maxNestingDepth: 32 });
  } catch (cause) {
    throw malformed('The raw message cannot be read.', cause);
  }
  const headers = new Map(parsed.headers.map(({ key, value }) => [key.toLowerCase(), value]));
  const { from } = parsed;
  return emailOf({
    from: from?.address === undefined ? null : `${JSON.stringify(from.name)} <${from.address}>`,
    subject: parsed.subject ?? null,
    text: parsed.text ?? null,
    html: parsed.html ?? null,
    messageId: parsed.messageId ?? null,
    inReplyTo: parsed.inReplyTo ?? null,
    references: parsed.references ?? null,
    files: parsed.attachments.map(({ filename, mimeType, content }) => ({
      name: filename,
      mediaType: mimeType,
      bytes: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    })),
    header: (name) => headers.get(name.toLowerCase()) ?? null,
  });
}

function fileOfJson(file: z.output<typeof jsonFile>): GivenFile {
  return {
    name: file.Name ?? file.name ?? null,
    mediaType: file.ContentType ?? file.content_type ?? null,
    bytes: Buffer.from(file.Content ?? file.content ?? '', 'base64'),
  };
}

interface Parts {
  readonly from: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  readonly references: string | null;
  readonly files: readonly GivenFile[];
  readonly header: (name: string) => string | null;
}

function emailOf(parts: Parts): Email {
  const [sender] = addressParser(parts.from ?? '', { flatten: true });
  const address = sender?.address?.trim().toLowerCase() ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw malformed('from: is no e-mail address.');
  const text = parts.text?.trim() ? parts.text.trim() : textOf(parts.html ?? '');
  const ids = [parts.references, parts.inReplyTo].flatMap(idsIn);
  return {
    messageId: idsIn(parts.messageId)[0] ?? null,
    references: [...new Set(ids)].slice(-50),
    from: { address, name: sender?.name?.trim() || null },
    subject: parts.subject?.trim().slice(0, 500) || null,
    text: cutBody(text),
    files: parts.files,
    isAutomatic: isAutomatic(parts.header, address),
  };
}

/** Ids between angle brackets, or the one that came without. */
function idsIn(text: string | null): string[] {
  if (text === null) return [];
  const ids = text.match(/<[^<>\s]{1,400}>/g);
  if (ids !== null) return ids;
  const bare = text.trim();
  return /^[^<>\s]{1,400}$/.test(bare) ? [`<${bare}>`] : [];
}

/** RFC 3834, and what came before it. */
function isAutomatic(header: Parts['header'], address: string): boolean {
  const submitted = header('Auto-Submitted')?.trim().toLowerCase();
  if (submitted !== undefined && submitted !== '' && submitted !== 'no') return true;
  if (/^(?:bulk|junk|list|auto_reply)$/i.test(header('Precedence')?.trim() ?? '')) return true;
  if (header('X-Autoreply') !== null || header('List-Id') !== null) return true;
  return /^(?:mailer-daemon|postmaster|no-?reply)@/.test(address);
}

function textOf(html: string): string {
  return convert(html, {
    limits: { maxInputLength: 1_000_000, maxDepth: 100 },
    wordwrap: false,
    selectors: [{ selector: 'img', format: 'skip' }],
  }).trim();
}

function mailgunHeaders(json: string): Map<string, string> {
  try {
    const list = z.array(z.tuple([z.string(), z.string()])).parse(JSON.parse(json));
    return new Map(list.map(([name, value]) => [name.toLowerCase(), value]));
  } catch (cause) {
    throw malformed('message-headers: is not a list of names and values.', cause);
  }
}

function rawHeaders(text: string): Map<string, string> {
  const lines = text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]];
    }),
  );
}
