import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { newId } from '../core/ids.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { fieldName, type Problems } from '../core/validate.ts';
import {
  hookPath,
  type StoredTrigger,
  type TriggerCredentials,
  type TriggerToSave,
} from '../store/triggers.ts';
import { validateTrigger } from './trigger-config.ts';
import type { TriggerInput } from './trigger-input.ts';

/**
 * The triggers that an agent is to have: the given ones, in their order, with what stays of those that
 * are given by id. Everything wrong with them becomes a line in `problems`.
 */
export function planTriggers(
  given: readonly TriggerInput[],
  agent: {
    readonly existing: readonly StoredTrigger[];
    readonly secretBox: SecretBox;
    readonly problems: Problems;
  },
): readonly TriggerToSave[] {
  const { problems } = agent;
  const seen = new Set<string>();
  return given.flatMap((input, index) => {
    const at = ['triggers', index];
    const before = agent.existing.find((trigger) => trigger.id === input.id) ?? null;
    if (input.id !== undefined && before === null) {
      const problem = `names no trigger of this agent (${input.id}); leave it out for a new one`;
      problems.set(fieldName([...at, 'id']), problem);
      return [];
    }
    if (input.id !== undefined && seen.has(input.id)) {
      problems.set(fieldName([...at, 'id']), `is there twice (${input.id})`);
      return [];
    }
    seen.add(input.id ?? '');
    const planned = planTrigger(input, { before, at, problems, secretBox: agent.secretBox });
    return planned === null ? [] : [planned];
  });
}

/** Whether the triggers would be as they are, order included. */
export function areSameTriggers(
  planned: readonly TriggerToSave[],
  existing: readonly StoredTrigger[],
): boolean {
  return (
    planned.length === existing.length &&
    planned.every((trigger, index) => !trigger.isChanged && trigger.id === existing[index]?.id)
  );
}

/** A stored trigger as one to save unchanged. */
export function keptTrigger(trigger: StoredTrigger): TriggerToSave {
  const { id, name, description, type, config, enabled, hookKey, sealedSecret } = trigger;
  return {
    id,
    name,
    description,
    type,
    config,
    enabled,
    hookKey,
    sealedSecret,
    isChanged: false,
  };
}

interface Place {
  readonly before: StoredTrigger | null;
  readonly at: readonly PropertyKey[];
  readonly problems: Problems;
  readonly secretBox: SecretBox;
}

function planTrigger(input: TriggerInput, place: Place): TriggerToSave | null {
  const { before, at, problems } = place;
  const name = input.name ?? before?.name;
  const type = input.type ?? before?.type;
  if (name === undefined) problems.set(fieldName([...at, 'name']), 'is required');
  if (type === undefined) problems.set(fieldName([...at, 'type']), 'is required');
  if (name === undefined || type === undefined) return null;
  if (before !== null && type !== before.type) {
    const problem = `cannot change from ${before.type}; leave the id out for a new trigger`;
    problems.set(fieldName([...at, 'type']), problem);
    return null;
  }
  const configured = planConfig(input, type, place);
  if (configured === null) return null;
  const planned = {
    id: before?.id ?? newId('trigger'),
    name,
    description: input.description ?? before?.description ?? '',
    type,
    enabled: input.enabled ?? before?.enabled ?? true,
    ...configured,
  };
  const isChanged =
    before === null || !isDeepStrictEqual({ ...planned, isChanged: false }, keptTrigger(before));
  return { ...planned, isChanged };
}

type Configured = Pick<TriggerToSave, 'config' | keyof TriggerCredentials>;

function planConfig(
  input: TriggerInput,
  type: TriggerToSave['type'],
  place: Place,
): Configured | null {
  const { before, problems } = place;
  if (input.config === undefined && before !== null) {
    return { config: before.config, hookKey: before.hookKey, sealedSecret: before.sealedSecret };
  }
  const at = [...place.at, 'config'];
  const read = validateTrigger(type, { config: input.config ?? {}, at, problems });
  if (read === null) return null;
  const { config, secret, url } = read;
  if (type !== 'webhook') return { config, hookKey: null, sealedSecret: null };
  const hookKey = before?.hookKey ?? newHookKey();
  if (url !== undefined && (before === null || url !== hookPath(hookKey))) {
    problems.set(fieldName([...at, 'url']), 'is made by the server; leave it out');
    return null;
  }
  const sealedSecret = planSecret({ config, secret, place, at });
  return sealedSecret === undefined ? null : { config, hookKey, sealedSecret };
}

/** Undefined: refused. A secret that is not given stays while the way of verifying stays. */
function planSecret(given: {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secret: string | undefined;
  readonly place: Place;
  readonly at: readonly PropertyKey[];
}): string | null | undefined {
  const { config, secret, at, place } = given;
  const { before, problems, secretBox } = place;
  const field = fieldName([...at, 'secret']);
  if (config.verify === 'none') {
    if (secret === undefined) return null;
    problems.set(
      field,
      'does nothing while "verify" is "none"; leave it out or name a way to verify',
    );
    return undefined;
  }
  const kept = before?.config.verify === config.verify ? (before?.sealedSecret ?? null) : null;
  if (secret === undefined) {
    if (kept !== null) return kept;
    problems.set(field, `is required to verify by ${config.verify}`);
    return undefined;
  }
  // Sealing is different every time: the same secret again is no change.
  return kept !== null && secretBox.open(kept) === secret ? kept : secretBox.seal(secret);
}

/** 32 characters of base 32: 160 random bits. */
export function newHookKey(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  return [...randomBytes(32)].map((byte) => alphabet.charAt(byte & 31)).join('');
}
