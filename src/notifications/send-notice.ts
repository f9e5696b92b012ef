import { pauseAfter } from '../core/retry-schedule.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { standardKey, standardRequestHeaders } from '../core/standard-webhooks.ts';
import { EgressFailed, EgressRefused, type Guard } from '../sandbox/egress/guard.ts';
import { guardedPost, type PostAnswer } from '../sandbox/egress/post.ts';
import type { Database } from '../store/connect.ts';
import type { ClaimedNotice, NoticeOutcome } from '../store/notices.ts';
import { openSecrets } from '../tools/secrets.ts';
import type { SendMail } from './mail.ts';
import { unsubscribeToken } from './unsubscribe.ts';

// One attempt at a message to people. Each attempt carries the message's own id, so that a webhook's receiver, and a
// mail server that looks at Message-ID, take a second one for the same; an incoming webhook of Slack knows no ids.

export interface SendNoticeDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
  readonly guard: Guard;
  readonly mayBePlain: (address: string) => boolean;
  /** `Signalbox/<version>`. */
  readonly userAgent: string;
  /** Null: the operator has set up no mail. */
  readonly sendMail: SendMail | null;
  readonly publicUrl: string | null;
  /** Signs the links that end them; the same over restarts and processes. */
  readonly cursorKey: Buffer;
  /** PEM; by default Node's. */
  readonly authorities?: readonly string[];
  readonly random?: () => number;
}

const withinMs = 20_000;

type Attempted =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'not_sent'; readonly error: string; readonly retryAfter?: string | null };

/** Makes one attempt. Never throws but the reason of `stop`. */
export async function sendNotice(
  deps: SendNoticeDeps,
  notice: ClaimedNotice,
  stop: AbortSignal,
): Promise<NoticeOutcome> {
  const attempted = await attempt(deps, notice, stop);
  if (attempted.kind === 'sent') return { error: null, againMs: null };
  const { error } = attempted;
  if (attempted.kind === 'refused') return { error, againMs: null };
  const { random = Math.random } = deps;
  const { retryAfter = null } = attempted;
  return { error, againMs: pauseAfter({ ...notice, retryAfter, nowMs: Date.now(), random }) };
}

async function attempt(
  deps: SendNoticeDeps,
  notice: ClaimedNotice,
  stop: AbortSignal,
): Promise<Attempted> {
  try {
    if (notice.channel === 'email') return await byMail(deps, notice);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(withinMs)]);
    return notice.channel === 'slack'
      ? await toSlack(deps, notice, signal)
      : await toWebhook(deps, notice, signal);
  } catch (error) {
    stop.throwIfAborted();
    const isReach = error instanceof EgressRefused || error instanceof EgressFailed;
    // The address of an incoming webhook is a secret, and the guard's sentence may hold its host.
    if (isReach && notice.channel === 'webhook') return { kind: 'not_sent', error: error.message };
    return {
      kind: 'not_sent',
      error: isReach ? 'The address could not be reached.' : 'The message could not be sent.',
    };
  }
}

async function byMail(deps: SendNoticeDeps, notice: ClaimedNotice): Promise<Attempted> {
  if (deps.sendMail === null) {
    return { kind: 'not_sent', error: 'The operator has not set SIGNALBOX_SMTP_URL.' };
  }
  const { id, target, subject, body, preferenceId } = notice;
  const unsubscribeUrl =
    preferenceId === null || deps.publicUrl === null
      ? null
      : `${deps.publicUrl}/unsubscribe/${unsubscribeToken(deps.cursorKey, preferenceId)}`;
  const end = unsubscribeUrl === null ? '' : `\n\n-- \nNo more of these: ${unsubscribeUrl}`;
  return await deps.sendMail({ id, to: target, subject, text: `${body}${end}`, unsubscribeUrl });
}

async function toSlack(
  deps: SendNoticeDeps,
  notice: ClaimedNotice,
  signal: AbortSignal,
): Promise<Attempted> {
  const { workspaceId, target } = notice;
  const { values } = await openSecrets(deps, { workspaceId, names: [target] });
  const url = URL.parse(values[target] ?? '');
  if (url === null) {
    const error = `The secret ${target} is not the URL of an incoming webhook.`;
    return { kind: 'not_sent', error };
  }
  const text = `*${escaped(notice.subject)}*\n${escaped(notice.body)}`;
  const body = JSON.stringify({ text });
  const headers = { 'content-type': 'application/json', 'user-agent': deps.userAgent };
  return judged(await guardedPost(deps.guard, { ...deps, url: url.href, headers, body, signal }));
}

async function toWebhook(
  deps: SendNoticeDeps,
  notice: ClaimedNotice,
  signal: AbortSignal,
): Promise<Attempted> {
  const { id, body, target: url, preferenceId, sealedSecret } = notice;
  if (preferenceId === null || sealedSecret === null) throw new Error('A webhook has a secret.');
  const key = standardKey(deps.secretBox.open(sealedSecret, secretPlace(preferenceId)));
  if (key === null) throw new Error(`The secret of preference ${preferenceId} has no form.`);
  const signed = standardRequestHeaders([key], { id, body, nowMs: Date.now() });
  const headers = { 'user-agent': deps.userAgent, ...signed };
  return judged(await guardedPost(deps.guard, { ...deps, url, headers, body, signal }));
}

/** The place that the sealed secret of a preference belongs to. */
export function secretPlace(preferenceId: string): string {
  return `notification/${preferenceId}`;
}

function judged({ status, header }: PostAnswer): Attempted {
  if (status >= 200 && status <= 299) return { kind: 'sent' };
  const error = `It was answered ${status}.`;
  // Gone, or (Slack) a webhook or channel that is no more: no other attempt would help.
  if (status === 410 || status === 404) return { kind: 'refused', error };
  return { kind: 'not_sent', error, retryAfter: header('retry-after') };
}

/** Slack reads these three as markup: https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
