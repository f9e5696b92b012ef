import type { AlertRule } from '../core/alert.ts';
import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { newId } from '../core/ids.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { findAgentLabel } from '../store/agent-labels.ts';
import { hasTrigger } from '../store/alert-conditions.ts';
import {
  type AlertFields,
  deleteAlert,
  getAlert,
  insertAlert,
  lockAlert,
  updateAlert,
} from '../store/alerts.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { getSecret } from '../store/secrets.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { alertMaxima, settingsOfKind } from './alert-input.ts';

// The rules of alerts.

export interface AlertDeps {
  readonly db: Database;
  /** Whether the server can send mail. */
  readonly canMail: boolean;
}

/** Throws `validation_error`, and `conflict` when there are too many. */
export async function createAlert(
  deps: AlertDeps,
  input: AlertFields & { readonly workspaceId: string },
  inTransaction?: InTransaction<AlertRule>,
): Promise<AlertRule> {
  const { workspaceId } = input;
  return await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', workspaceId);
    const fields = await checked(deps, tx, workspaceId, input);
    const maxCount = alertMaxima.perWorkspace;
    const rule = await insertAlert(tx, { ...fields, id: newId('alert'), workspaceId, maxCount });
    if (rule === null) {
      throw new ApiError('conflict', `The workspace has ${maxCount} alerts already. Delete some.`);
    }
    await inTransaction?.(tx, rule);
    return rule;
  });
}

/** Changes what is given; `settings` and `notify` replace. Throws `not_found`, `validation_error`. */
export async function patchAlert(
  deps: AlertDeps,
  key: ScopedKey,
  patch: { readonly [Field in keyof AlertFields]?: AlertFields[Field] | undefined },
): Promise<AlertRule> {
  return await deps.db.transaction(async (tx) => {
    const before = await lockAlert(tx, key.scope, key.id);
    if (before === null) throw noAlert(key.id);
    const given = givenFields(patch);
    const fields = await checked(deps, tx, before.workspaceId, { ...before, ...given });
    return await updateAlert(tx, before.id, fields);
  });
}

/** Throws `not_found`. */
export async function requireAlert(db: Queryable, { scope, id }: ScopedKey): Promise<AlertRule> {
  const rule = await getAlert(db, scope, id);
  if (rule === null) throw noAlert(id);
  return rule;
}

/** What it had to tell and has not told yet goes with it. Throws `not_found`. */
export async function removeAlert(db: Queryable, { scope, id }: ScopedKey): Promise<void> {
  if (!(await deleteAlert(db, scope, id))) throw noAlert(id);
}

async function checked(
  deps: AlertDeps,
  tx: Queryable,
  workspaceId: string,
  fields: AlertFields,
): Promise<AlertFields> {
  const problems: Problems = new Map();
  const { kind, settings, notify } = fields;
  const { needs, takes } = settingsOfKind[kind];
  for (const name of needs) {
    if (settings[name] === undefined) problems.set(`settings.${name}`, `is required for ${kind}`);
  }
  for (const name of Object.keys(settings) as (keyof typeof settings)[]) {
    if (settings[name] === undefined || needs.includes(name) || takes.includes(name)) continue;
    problems.set(`settings.${name}`, `is no setting of ${kind}; leave it out`);
  }
  let agentId = settings.agent_id;
  if (agentId !== undefined) {
    const agent = await findAgentLabel(tx, [workspaceId], agentId);
    if (agent === null) problems.set('settings.agent_id', 'is no agent of this workspace');
    else agentId = agent.id;
  }
  if (settings.trigger_id !== undefined) {
    if (!(await hasTrigger(tx, workspaceId, settings.trigger_id))) {
      problems.set('settings.trigger_id', 'is no trigger of this workspace');
    }
  }
  if (notify.emails.length > 0 && !deps.canMail) {
    problems.set('notify.emails', 'cannot be told: the operator has not set SIGNALBOX_SMTP_URL');
  }
  const secret = notify.slack_secret;
  if (secret !== null && (await getSecret(tx, { workspaceId, name: secret })) === null) {
    const hint = `set it by PUT /v1/secrets/${secret} to the URL of an incoming webhook`;
    problems.set('notify.slack_secret', `names no secret of this workspace; ${hint}`);
  }
  refuse(problems);
  const { agent_id: _, ...rest } = settings;
  return { ...fields, settings: agentId === undefined ? rest : { ...rest, agent_id: agentId } };
}

function noAlert(id: string): ApiError {
  return new ApiError('not_found', `There is no alert ${id.slice(0, 64)}.`);
}
