import type { Logger } from '../core/logger.ts';
import { pauseAfter } from '../core/retry-schedule.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { Deliverer, type DelivererTimes, type DeliveryWork } from '../delivery/deliverer.ts';
import type { Database } from '../store/connect.ts';
import {
  type ClaimedMessage,
  claimMessages,
  recordSend,
  releaseMessage,
  type SendOutcome,
} from '../store/message-claims.ts';
import { openSecrets } from './channel-secrets.ts';
import type { Attempted, WayOut } from './channels/adapter.ts';
import { adapters } from './channels/adapters.ts';

// Sends what conversations have to say (I5): the claim is committed before anything leaves, every attempt carries the
// message's own id, and what nobody knows the outcome of follows the channel's policy. A server that closes lets
// what is under way come to its end.

export interface MessageDelivererOptions extends Omit<WayOut, 'signal'>, DelivererTimes {
  readonly db: Database;
  readonly logger: Logger;
  readonly secretBox: SecretBox;
  readonly timeoutMs?: number;
  readonly random?: () => number;
}

/** How long an attempt may take. */
const sendTimeoutMs = 15_000;

export class MessageDeliverer extends Deliverer<ClaimedMessage, SendOutcome> {
  constructor(options: MessageDelivererOptions) {
    super(workOf(options), { logger: options.logger, times: options });
  }
}

function workOf(options: MessageDelivererOptions): DeliveryWork<ClaimedMessage, SendOutcome> {
  const { db } = options;
  return {
    name: 'Messages',
    about: ({ id, channel }) => ({ messageId: id, channelId: channel.id }),
    laneOf: ({ channel }) => channel.id,
    claim: (request) => claimMessages(db, request),
    attempt: (message) => attempt(options, message),
    release: (message) => releaseMessage(db, message),
    record: (message, outcome) => recordSend(db, message, outcome),
  };
}

async function attempt(
  options: MessageDelivererOptions,
  message: ClaimedMessage,
): Promise<SendOutcome> {
  const { timeoutMs = sendTimeoutMs, random = Math.random } = options;
  const { channel } = message;
  let attempted: Attempted;
  try {
    const secrets = openSecrets(options.secretBox, channel.id, message.sealedSecrets);
    const way = { ...options, signal: AbortSignal.timeout(timeoutMs) };
    attempted = await adapters[channel.type].send({ channel, secrets }, message, way);
  } catch (err) {
    options.logger.warn({ err, messageId: message.id }, 'A message could not be sent');
    attempted = { kind: 'unknown', error: 'The server could not make the attempt.' };
  }
  return outcomeOf(attempted, message, random);
}

function outcomeOf(
  attempted: Attempted,
  { channel, tries }: ClaimedMessage,
  random: () => number,
): SendOutcome {
  if (attempted.kind === 'sent') {
    return { kind: 'sent', externalId: attempted.externalId, error: null, afterMs: 0 };
  }
  const { kind, error } = attempted;
  const ended = { externalId: null, error, afterMs: 0 };
  if (kind === 'refused') return { kind: 'failed', ...ended };
  if (kind === 'unknown' && !channel.resendUnknown) return { kind: 'unknown', ...ended };
  const retryAfter = (kind === 'not_sent' ? attempted.retryAfter : null) ?? null;
  const afterMs = pauseAfter({ tries, retryAfter, nowMs: Date.now(), random });
  return afterMs === null ? { kind: 'failed', ...ended } : { ...ended, kind: 'retry', afterMs };
}
