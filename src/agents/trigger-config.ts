import { z } from 'zod';
import type { TriggerType } from '../core/agent.ts';
import { messageChannels } from '../core/channel.ts';
import { whyNotListenedName } from '../core/event-name.ts';
import { whyImpossible } from '../core/impossible-filter.ts';
import { webhookVerifications } from '../core/request-signature.ts';
import { standardKey } from '../core/standard-webhooks.ts';
import { isTimeZone } from '../core/time-zone.ts';
import { collect, fieldName, type Problems, refuse, validate } from '../core/validate.ts';
import { whyNotCron } from './cron-expression.ts';

// Configs by trigger type, with their defaults. Unknown keys are refused.

const cronConfig = z.strictObject({
  expression: z.string().min(1).max(200),
  timezone: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
    .default('UTC'),
  catch_up: z.enum(['skip', 'latest', 'all']).default('latest'),
  overlap: z.enum(['allow', 'skip', 'queue']).default('allow'),
  jitter_ms: z.number().int().min(0).max(3_600_000).default(0),
});

export type CronConfig = z.output<typeof cronConfig>;

/** A cron trigger's config, checked and with its defaults. Throws `validation_error`. */
export function readCronConfig(given: Readonly<Record<string, unknown>>): CronConfig {
  const config = validate(cronConfig, given);
  const problem = whyNotCron(config.expression, config.timezone);
  if (problem !== null) refuse(new Map([['expression', problem]]));
  return config;
}

const header = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header');
const pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/, 'must be a JSON pointer such as /event/id');

const webhookConfig = z.strictObject({
  verify: z.enum(webhookVerifications).default('none'),
  /** Write-only. */
  secret: z.string().min(8).max(1_000).optional(),
  /** Where the token or the signature is: for `token` and `hmac`. */
  header: header.optional(),
  /** The form of an `hmac` signature. */
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).optional(),
  encoding: z.enum(['hex', 'base64']).optional(),
  prefix: z
    .string()
    .max(50)
    .regex(/^[\x21-\x7e]*$/, 'must be printable')
    .optional(),
  dedupe: z
    .union([z.strictObject({ header }), z.strictObject({ pointer })])
    .nullable()
    .default(null),
  respond: z.enum(['accepted', 'result']).default('accepted'),
  /** Read-only: taken back as it was shown. */
  url: z.string().optional(),
});

const scalar = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()]);
const field = z
  .string()
  .max(300)
  .regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'must be a path into the payload such as reservation.status');

/** One comparison; all of a filter's must hold. */
export const comparison = z.discriminatedUnion('op', [
  z.strictObject({ field, op: z.enum(['eq', 'ne']), value: scalar }),
  z.strictObject({
    field,
    op: z.enum(['gt', 'gte', 'lt', 'lte']),
    value: z.union([z.number(), z.string().min(1).max(2_000)]),
  }),
  z.strictObject({ field, op: z.enum(['in', 'not_in']), value: z.array(scalar).min(1).max(200) }),
  z.strictObject({
    field,
    op: z.enum(['contains', 'starts_with', 'ends_with']),
    value: z.string().min(1).max(2_000),
  }),
  z.strictObject({ field, op: z.literal('exists'), value: z.boolean().default(true) }),
]);

const eventConfig = z.strictObject({
  event: z.string().superRefine((text, context) => {
    const message = whyNotListenedName(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  }),
  filter: z
    .array(comparison)
    .max(50)
    .default([])
    .superRefine((filter, context) => {
      const impossible = whyImpossible(filter);
      if (impossible === null) return;
      const { index, problem: message } = impossible;
      context.addIssue({ code: 'custom', path: [index], message });
    }),
});

const messageConfig = z.strictObject({
  scopeType: z.enum(['inbox']).default('inbox'),
  /** Null: every inbox type of the workspace. */
  inboxTypeId: z.string().min(1).max(64).nullable().default(null),
  channels: z
    .array(z.enum(messageChannels))
    .min(1)
    .max(messageChannels.length)
    .default([...messageChannels]),
});

const configs = {
  cron: cronConfig,
  webhook: webhookConfig,
  event: eventConfig,
  message: messageConfig,
} as const satisfies Record<TriggerType, z.ZodType>;

/** A config as it is stored, and what of a webhook's was given beside it. */
export interface ReadTriggerConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secret: string | undefined;
  readonly url: string | undefined;
}

/**
 * Checks a config by its trigger's type and fills in defaults; null, with lines in `problems`, when it is
 * wrong. What needs the database (`inboxTypeId`) or the trigger's former state is not judged here.
 */
export function validateTrigger(
  type: TriggerType,
  given: {
    readonly config: unknown;
    readonly at: readonly PropertyKey[];
    readonly problems: Problems;
  },
): ReadTriggerConfig | null {
  const { at, problems } = given;
  const read = collect(configs[type], { value: given.config, at, problems });
  if (read === null) return null;
  if ('expression' in read) {
    const problem = whyNotCron(read.expression, read.timezone);
    if (problem !== null) {
      problems.set(fieldName([...at, 'expression']), problem);
      return null;
    }
  }
  if (!('verify' in read)) return { config: read, secret: undefined, url: undefined };
  const { secret, url, ...config } = read;
  for (const [name, ways] of Object.entries(optionsOf)) {
    if (!(name in config) || ways.includes(config.verify)) continue;
    const problem = `does nothing while "verify" is "${config.verify}"; leave it out`;
    problems.set(fieldName([...at, name]), problem);
    return null;
  }
  const problem = secret === undefined ? null : whyNotSecret(config.verify, secret);
  if (problem === null) return { config, secret, url };
  problems.set(fieldName([...at, 'secret']), problem);
  return null;
}

/** Which ways of verifying read an option. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  header: ['token', 'hmac'],
  algorithm: ['hmac'],
  encoding: ['hmac'],
  prefix: ['hmac'],
};

/** What is wrong with a secret for a way of verifying, to be read after the field's name; null when nothing is. */
export function whyNotSecret(verify: unknown, secret: string): string | null {
  if (verify === 'standard_webhooks' && standardKey(secret) === null) {
    return 'must be "whsec_" and the base64 of 16 to 64 bytes';
  }
  return null;
}
