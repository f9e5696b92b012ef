import { createHash } from 'node:crypto';
import type { Agent, Trigger } from '../../core/agent.ts';
import { ApiError } from '../../core/errors.ts';
import { type SignedRequest, verifySignature } from '../../core/request-signature.ts';
import type { SecretBox } from '../../core/secret-box.ts';
import { type Hook, hashHookKey } from '../../store/hooks.ts';
import type { FiredRun } from '../../store/run-creator.ts';
import type { SharedReads } from '../../store/shared-reads.ts';
import { type FireDeps, fire } from '../fire.ts';
import { type HookConfig, readHookConfig } from './hook-config.ts';
import { readHookPayload, scalarAt } from './payload.ts';

// A webhook that comes in: verified on its raw bytes, then fired once. It is acknowledged only after event
// and runs are committed (I1), so a sender that repeats what was not acknowledged loses nothing, and with
// de-duplication nothing happens twice.

export interface ReceiveDeps extends FireDeps {
  readonly reads: Pick<SharedReads, 'hook' | 'agent'>;
  readonly secretBox: SecretBox;
}

/** A webhook trigger that a URL leads to. */
export interface FoundHook {
  readonly hook: Hook;
  readonly agent: Agent;
  readonly trigger: Trigger;
  readonly config: HookConfig;
}

export type Received =
  /** The sender asked whether this is the right place: there is nothing to fire. */
  | { readonly kind: 'greeting'; readonly answer: Readonly<Record<string, string>> }
  | {
      /** `repeated`: event and runs are the first one's. */
      readonly kind: 'fired' | 'repeated';
      readonly triggerEventId: string;
      readonly runs: readonly FiredRun[];
    };

/** The trigger that the key leads to now; null, whatever the reason, when there is none. */
export async function findHook(
  deps: Pick<ReceiveDeps, 'reads'>,
  key: string,
): Promise<FoundHook | null> {
  const hook = await deps.reads.hook(hashHookKey(key));
  if (hook === null) return null;
  const agent = await deps.reads.agent([hook.workspaceId], hook.agentId);
  const trigger = agent?.triggers.find(({ id }) => id === hook.triggerId);
  if (agent === null || trigger?.type !== 'webhook') return null;
  return { hook, agent, trigger, config: readHookConfig(trigger.config) };
}

/**
 * Verifies the request and fires the trigger. Throws `unauthenticated`, `malformed_request`, and what
 * `fire` throws.
 */
export async function receiveHook(
  deps: ReceiveDeps,
  { hook, agent, trigger, config }: FoundHook,
  request: SignedRequest & { readonly contentType: string | null },
): Promise<Received> {
  const secrets = hook.sealedSecrets.map((sealed) => deps.secretBox.open(sealed));
  const verdict = verifySignature(config, secrets, request);
  if (!verdict.ok) throw new ApiError('unauthenticated', verdict.why);
  const payloadJson = readHookPayload(request.body, request.contentType);
  const answer = greetingOf(config, request, payloadJson);
  if (answer !== null) return { kind: 'greeting', answer };
  const { kind, triggerEventId, runs } = await fire(deps, {
    workspaceId: hook.workspaceId,
    source: 'webhook',
    eventType: null,
    triggerId: trigger.id,
    payloadJson,
    onceKey: onceKeyOf(trigger.id, dedupeValue(config, request, payloadJson)),
    occurredAt: null,
    causedByRunId: null,
    depth: 0,
    traceparent: request.header('traceparent'),
    candidates: [{ agent, trigger, comparisons: [], matched: true, entityId: null }],
  });
  return { kind, triggerEventId, runs };
}

/** What Slack and GitHub send to a new address, to see whether it answers. */
function greetingOf(
  { verify }: HookConfig,
  { header }: SignedRequest,
  payloadJson: string,
): Readonly<Record<string, string>> | null {
  if (verify === 'github' && header('x-github-event') === 'ping') return { message: 'pong' };
  if (verify !== 'slack' || scalarAt(payloadJson, '/type') !== 'url_verification') return null;
  return { challenge: scalarAt(payloadJson, '/challenge') ?? '' };
}

/** Null: the request has no such value, and is taken for a new one. */
function dedupeValue(
  { dedupe }: HookConfig,
  { header }: SignedRequest,
  payloadJson: string,
): string | null {
  if (dedupe === null) return null;
  const value =
    'header' in dedupe
      ? header(dedupe.header.toLowerCase())
      : scalarAt(payloadJson, dedupe.pointer);
  return value === null || value.trim() === '' ? null : value.trim();
}

/** Long values, and what no column takes, are known by their hash. */
function onceKeyOf(triggerId: string, value: string | null): string | null {
  if (value === null) return null;
  const isPlain = /^[\x21-\x7e]{1,200}$/.test(value) && !value.startsWith('sha256:');
  const name = isPlain ? value : `sha256:${createHash('sha256').update(value).digest('hex')}`;
  return `hook:${triggerId}:${name}`;
}
