import { randomBytes } from 'node:crypto';
import type { Agent, Trigger } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { newStandardSecret } from '../core/standard-webhooks.ts';
import { refusal } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { saveAgentVersion } from '../store/agents.ts';
import type { Queryable } from '../store/connect.ts';
import { keepFormerKey, keepFormerSecret } from '../store/hooks.ts';
import type { StoredTrigger, TriggerCredentials } from '../store/triggers.ts';
import type { AgentDeps } from './agent-deps.ts';
import { keptTrigger, newHookKey } from './plan-triggers.ts';
import { lockAgentForChange } from './save-agent.ts';
import { whyNotSecret } from './trigger-config.ts';

// New credentials of a webhook trigger; the former ones stay good for a while, so that the other side can be
// told in the meantime. Like any change of a trigger it is a save, with a version of its own.

/** Whose credentials, and how long the former ones stay good: 0 ends them, and all before them, at once. */
export interface Rotation {
  readonly scope: WorkspaceScope;
  readonly agent: string;
  readonly triggerId: string;
  readonly overlapMs: number;
}

/** What senders choose themselves, and nobody else can. */
const chosenBySender = ['stripe', 'slack'];

/**
 * Gives the trigger another secret: the given one, else a new random one. Throws `not_found`,
 * `validation_error`, and `conflict` for a trigger without a secret.
 */
export async function rotateHookSecret(
  deps: AgentDeps,
  rotation: Rotation & { readonly secret: string | null },
): Promise<{ readonly trigger: Trigger; readonly secret: string }> {
  return await deps.db.transaction(async (tx) => {
    const { agent, existing, trigger } = await lockHook(tx, rotation);
    const { verify } = trigger.config;
    const former = trigger.sealedSecret;
    if (former === null) {
      throw new ApiError(
        'conflict',
        `Trigger ${trigger.id} has no secret to rotate: its "verify" is "${String(verify)}".`,
      );
    }
    const secret = rotation.secret ?? newSecretFor(verify);
    const problem = whyNotSecret(verify, secret);
    if (problem !== null) throw refusal(new Map([['secret', problem]]));
    if (deps.secretBox.open(former) === secret) {
      throw refusal(new Map([['secret', 'is the one in force already']]));
    }
    const sealedSecret = deps.secretBox.seal(secret);
    const saved = await saveCredentials(tx, { agent, existing, trigger }, { sealedSecret });
    const { overlapMs } = rotation;
    const kept = { triggerId: trigger.id, sealed: former, beside: sealedSecret, overlapMs };
    await keepFormerSecret(tx, kept);
    return { trigger: saved, secret };
  });
}

/** Gives the trigger another URL. Throws `not_found`, and `conflict` for a trigger that is no webhook. */
export async function rotateHookUrl(deps: AgentDeps, rotation: Rotation): Promise<Trigger> {
  return await deps.db.transaction(async (tx) => {
    const { agent, existing, trigger } = await lockHook(tx, rotation);
    const { hookKey } = trigger;
    if (hookKey === null) throw new Error(`The webhook trigger ${trigger.id} has no key.`);
    const { overlapMs } = rotation;
    await keepFormerKey(tx, { triggerId: trigger.id, hookKey, overlapMs });
    return await saveCredentials(tx, { agent, existing, trigger }, { hookKey: newHookKey() });
  });
}

interface Held {
  readonly agent: Agent;
  readonly existing: readonly StoredTrigger[];
  readonly trigger: StoredTrigger;
}

async function lockHook(tx: Queryable, rotation: Rotation): Promise<Held> {
  const { agent, existing } = await lockAgentForChange(tx, rotation.scope, rotation.agent);
  const trigger = existing.find(({ id }) => id === rotation.triggerId);
  if (trigger === undefined) {
    throw new ApiError('not_found', `The agent has no trigger ${rotation.triggerId}.`);
  }
  if (trigger.type !== 'webhook') {
    throw new ApiError(
      'conflict',
      `Trigger ${trigger.id} is a ${trigger.type} trigger: only webhook triggers have a URL and a secret.`,
    );
  }
  return { agent, existing, trigger };
}

async function saveCredentials(
  tx: Queryable,
  { agent, existing, trigger }: Held,
  credentials: Partial<TriggerCredentials>,
): Promise<Trigger> {
  const saved = await saveAgentVersion(tx, agent.id, {
    definition: agent.definition,
    enabled: agent.enabled,
    triggers: existing.map((each) =>
      each === trigger
        ? { ...keptTrigger(each), ...credentials, isChanged: true }
        : keptTrigger(each),
    ),
  });
  const shown = saved.triggers.find(({ id }) => id === trigger.id);
  if (shown === undefined) throw new Error(`The trigger ${trigger.id} was lost in its own save.`);
  return shown;
}

function newSecretFor(verify: unknown): string {
  if (typeof verify === 'string' && chosenBySender.includes(verify)) {
    throw refusal(new Map([['secret', `is required: ${verify} makes its signing secrets itself`]]));
  }
  return verify === 'standard_webhooks'
    ? newStandardSecret()
    : randomBytes(32).toString('base64url');
}
