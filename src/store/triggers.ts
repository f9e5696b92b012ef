import type { Trigger, TriggerType } from '../core/agent.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';

// The config column of a webhook trigger also holds its key and its sealed secret. They leave this file
// only in a `StoredTrigger`, which is for writing; what is shown has `url` in the key's place.

/** What a webhook trigger holds beside what is shown of it; both null for the other types. */
export interface TriggerCredentials {
  /** The unguessable part of the URL. */
  readonly hookKey: string | null;
  /** Sealed by the secret box. */
  readonly sealedSecret: string | null;
}

/** `config` is without `url`, key and secret. */
export interface StoredTrigger extends Trigger, TriggerCredentials {}

/** A trigger as it is to be; ids are made by the caller. */
export interface TriggerToSave extends TriggerCredentials {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: TriggerType;
  readonly config: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  /** Whether this save changes it: gives it a new `updated_at`. */
  readonly isChanged: boolean;
}

interface TriggerRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly name: string;
  readonly description: string;
  readonly type: TriggerType;
  readonly config: string;
  readonly enabled: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns =
  'id, workspace_id, agent_id, name, description, type, config, enabled, created_at, updated_at';

/** The triggers of an agent in their order, with credentials. For writing, under the agent's lock. */
export async function readStoredTriggers(
  tx: Queryable,
  agentId: string,
): Promise<readonly StoredTrigger[]> {
  const rows = await tx.query<TriggerRow>({
    text: `SELECT ${columns} FROM triggers WHERE agent_id = $1 AND deleted_at IS NULL ORDER BY position`,
    values: [agentId],
  });
  return rows.map(toStoredTrigger);
}

/** Credentials of an agent's triggers by trigger id, replaced triggers included. */
export async function readTriggerCredentials(
  tx: Queryable,
  agentId: string,
): Promise<ReadonlyMap<string, TriggerCredentials>> {
  const rows = await tx.query<TriggerRow>({
    text: `SELECT ${columns} FROM triggers WHERE agent_id = $1 AND type = 'webhook'`,
    values: [agentId],
  });
  return new Map(rows.map((row) => [row.id, toStoredTrigger(row)]));
}

/**
 * Makes the given triggers the agent's only ones, in this order, and returns them as they are shown.
 * Ids that the agent has, or had, keep their row and its `created_at`; `at` is the time of the save.
 */
export async function replaceTriggers(
  tx: Queryable,
  change: {
    readonly workspaceId: string;
    readonly agentId: string;
    readonly at: Date;
    readonly triggers: readonly TriggerToSave[];
  },
): Promise<readonly Trigger[]> {
  const { workspaceId, agentId, at, triggers } = change;
  await tx.execute({
    text: `UPDATE triggers SET deleted_at = $3
      WHERE agent_id = $1 AND deleted_at IS NULL AND id <> ALL ($2)`,
    values: [agentId, triggers.map((trigger) => trigger.id), at],
  });
  const saved: Trigger[] = [];
  for (const [position, trigger] of triggers.entries()) {
    const [row] = await tx.query<TriggerRow>({
      name: 'save_trigger',
      text: `INSERT INTO triggers
          (id, workspace_id, agent_id, position, name, description, type, config, enabled, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name,
          description = excluded.description, config = excluded.config, enabled = excluded.enabled,
          updated_at = CASE WHEN $11 THEN excluded.updated_at ELSE triggers.updated_at END,
          deleted_at = NULL
        WHERE triggers.agent_id = excluded.agent_id
        RETURNING ${columns}`,
      values: [
        trigger.id,
        workspaceId,
        agentId,
        position,
        toStorableText(trigger.name),
        toStorableText(trigger.description),
        trigger.type,
        toJsonColumn(toStoredConfig(trigger)),
        trigger.enabled,
        at,
        trigger.isChanged,
      ],
    });
    if (row === undefined) throw new Error(`The trigger ${trigger.id} belongs to another agent.`);
    saved.push(toShownTrigger(toStoredTrigger(row)));
  }
  return saved;
}

/** Takes all triggers from an agent. */
export async function deleteTriggersOf(tx: Queryable, agentId: string): Promise<void> {
  await tx.execute({
    text: 'UPDATE triggers SET deleted_at = clock_timestamp() WHERE agent_id = $1 AND deleted_at IS NULL',
    values: [agentId],
  });
}

/** The path, under the server's address, that fires the webhook trigger with this key. */
export function hookPath(hookKey: string): string {
  return `/hooks/${hookKey}`;
}

function toShownTrigger(stored: StoredTrigger): Trigger {
  const { hookKey, sealedSecret: _, ...trigger } = stored;
  if (hookKey === null) return trigger;
  return { ...trigger, config: { ...trigger.config, url: hookPath(hookKey) } };
}

function toStoredConfig(trigger: TriggerToSave): Record<string, unknown> {
  if (trigger.type !== 'webhook') return { ...trigger.config };
  return { ...trigger.config, key: trigger.hookKey, secret: trigger.sealedSecret };
}

function toStoredTrigger(row: TriggerRow): StoredTrigger {
  const whole = fromJsonColumn<Record<string, unknown>>(row.config);
  const { key, secret, ...config } = row.type === 'webhook' ? whole : { ...whole };
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    name: fromStorableText(row.name),
    description: fromStorableText(row.description),
    type: row.type,
    config: row.type === 'webhook' ? config : whole,
    enabled: row.enabled,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    hookKey: typeof key === 'string' && row.type === 'webhook' ? key : null,
    sealedSecret: typeof secret === 'string' && row.type === 'webhook' ? secret : null,
  };
}
