import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { newId } from '../core/ids.ts';
import type { Notification, NotificationPreference } from '../core/notification.ts';
import { notificationMaxima } from '../core/notification.ts';
import { secretNameForm } from '../core/secret.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { newStandardSecret } from '../core/standard-webhooks.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { findAgentLabel } from '../store/agent-labels.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { getMember } from '../store/members.ts';
import { insertMemberNotice } from '../store/notices.ts';
import {
  deletePreference,
  getPreference,
  insertPreference,
  lockPreference,
  type PreferenceFields,
  updatePreference,
} from '../store/notification-preferences.ts';
import { getNotification } from '../store/notifications.ts';
import { getSecret } from '../store/secrets.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { type WebhookReach, whyNotUrl } from '../webhooks/webhook-input.ts';
import { secretPlace } from './send-notice.ts';

// The rules of what members are told. Everybody sees and changes their own; who may write everybody's (owners, and
// tokens) is said by `userId: null`.

export interface PreferenceDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
  readonly reach: WebhookReach;
  /** Whether the server can send mail. */
  readonly canMail: boolean;
  /** There is something to send: look at once. */
  readonly nudge: () => void;
}

export interface Actor {
  /** The member whose preferences they reach; null: those of all. */
  readonly userId: string | null;
  /** Whether they may name secrets and addresses that messages go to; else their own mailbox alone. */
  readonly mayNameTargets: boolean;
}

/** What somebody is in a workspace. */
export type ActorIn = (workspaceId: string) => Actor;

export interface MadePreference {
  readonly preference: NotificationPreference;
  /** Of a webhook: what its messages are signed with, shown once. */
  readonly secret: string | null;
}

/** Throws `validation_error`, `forbidden`, and `conflict` when the member has too many. */
export async function createPreference(
  deps: PreferenceDeps,
  actorIn: ActorIn,
  input: PreferenceFields & {
    readonly workspaceId: string;
    readonly userId: string;
    readonly channel: NotificationPreference['channel'];
  },
  inTransaction?: InTransaction<MadePreference>,
): Promise<MadePreference> {
  const { workspaceId, userId, channel } = input;
  const actor = actorIn(workspaceId);
  requireOwn(actor, userId);
  if (channel !== 'email') requireTargets(actor);
  return await deps.db.transaction(async (tx) => {
    if ((await getMember(tx, { scope: [workspaceId], workspaceId, userId })) === null) {
      refuse(new Map([['user_id', 'is no member of this workspace']]));
    }
    const fields = await checked(deps, tx, { workspaceId, channel }, input);
    const id = newId('notificationPreference');
    const secret = channel === 'webhook' ? newStandardSecret() : null;
    const sealedSecret = secret === null ? null : deps.secretBox.seal(secret, secretPlace(id));
    const maxCount = notificationMaxima.preferences;
    const made = { ...fields, id, workspaceId, userId, channel, sealedSecret, maxCount };
    if (!(await insertPreference(tx, made))) {
      throw new ApiError('conflict', `A member has ${maxCount} of these at most. Delete some.`);
    }
    const result = {
      preference: await requirePreference(tx, actorIn, { scope: 'all', id }),
      secret,
    };
    await inTransaction?.(tx, result);
    return result;
  });
}

/** Changes what is given. Throws `not_found`, `validation_error`, `forbidden`. */
export async function patchPreference(
  deps: PreferenceDeps,
  actorIn: ActorIn,
  key: ScopedKey,
  patch: { readonly [Field in keyof PreferenceFields]?: PreferenceFields[Field] | undefined },
): Promise<NotificationPreference> {
  return await deps.db.transaction(async (tx) => {
    const before = own(actorIn, key.id, await lockPreference(tx, key.scope, key.id));
    if (patch.target !== undefined && patch.target !== before.target) {
      requireTargets(actorIn(before.workspaceId));
    }
    const fields = await checked(deps, tx, before, { ...before, ...givenFields(patch) });
    await updatePreference(tx, before.id, fields);
    return await requirePreference(tx, actorIn, key);
  });
}

/** Throws `not_found`. */
export async function requirePreference(
  db: Queryable,
  actorIn: ActorIn,
  { scope, id }: ScopedKey,
): Promise<NotificationPreference> {
  return own(actorIn, id, await getPreference(db, scope, id));
}

/** What it had to tell and has not told yet goes with it. Throws `not_found`. */
export async function removePreference(
  db: Queryable,
  actorIn: ActorIn,
  key: ScopedKey,
): Promise<void> {
  await requirePreference(db, actorIn, key);
  if (!(await deletePreference(db, key.scope, key.id))) throw noPreference(key.id);
}

/** Sends a message that says nothing but that it arrives. Throws `not_found`, `conflict` while it is off. */
export async function testPreference(
  deps: PreferenceDeps,
  actorIn: ActorIn,
  key: ScopedKey,
): Promise<Notification> {
  const made = await deps.db.transaction(async (tx) => {
    const preference = own(actorIn, key.id, await lockPreference(tx, key.scope, key.id));
    if (!preference.enabled) throw new ApiError('conflict', 'It is switched off: enable it first.');
    const id = newId('notification');
    const { channel, workspaceId } = preference;
    const timestamp = new Date().toISOString();
    const data = { id, workspace_id: workspaceId, counts: {}, items: [] };
    await insertMemberNotice(tx, {
      ...{ id, preferenceId: preference.id, channel },
      target: preference.target ?? preference.user.email,
      subject: 'Test of Signalbox',
      body:
        channel === 'webhook'
          ? JSON.stringify({ type: 'notification', timestamp, data })
          : 'This is a test: what needs a person will arrive here.',
      counts: {},
    });
    return await requireNotification(tx, actorIn, { scope: 'all', id });
  });
  deps.nudge();
  return made;
}

/** Throws `not_found`. */
export async function requireNotification(
  db: Queryable,
  actorIn: ActorIn,
  { scope, id }: ScopedKey,
): Promise<Notification> {
  const found = await getNotification(db, scope, id);
  if (found !== null && reaches(actorIn, found)) return found;
  throw new ApiError('not_found', `There is no notification ${id.slice(0, 64)}.`);
}

/** The member that a list is about, of those the actor reaches; null: all. Throws `forbidden` for somebody else's. */
export function whoseOf({ userId: own }: Actor, asked: string | undefined): string | null {
  if (asked === undefined || asked === own) return own;
  if (own === null) return asked;
  throw new ApiError('forbidden', 'You see what you are told; owners see it of others.');
}

async function checked(
  deps: PreferenceDeps,
  tx: Queryable,
  of: Pick<NotificationPreference, 'workspaceId' | 'channel'>,
  fields: PreferenceFields,
): Promise<PreferenceFields> {
  const problems: Problems = new Map();
  const wrong = await targetProblem(deps, tx, of, fields.target);
  if (wrong !== null) problems.set('target', wrong);
  if (of.channel === 'email' && !deps.canMail) {
    problems.set('channel', 'cannot be email: the operator has not set SIGNALBOX_SMTP_URL');
  }
  const agentIds: string[] = [];
  for (const [index, id] of (fields.agentIds ?? []).entries()) {
    const agent = await findAgentLabel(tx, [of.workspaceId], id);
    if (agent === null) problems.set(`agent_ids[${index}]`, 'is no agent of this workspace');
    else agentIds.push(agent.id);
  }
  refuse(problems);
  return { ...fields, agentIds: fields.agentIds === null ? null : agentIds };
}

async function targetProblem(
  deps: PreferenceDeps,
  tx: Queryable,
  { workspaceId, channel }: Pick<NotificationPreference, 'workspaceId' | 'channel'>,
  target: string | null,
): Promise<string | null> {
  if (channel === 'email') {
    return target === null ? null : 'is not for email, which goes to the address of the account';
  }
  if (channel === 'webhook') {
    return target === null ? 'must be the URL of the webhook' : whyNotUrl(target, deps.reach);
  }
  if (target === null || !secretNameForm.test(target)) {
    return 'must be the name of a secret with the URL of an incoming webhook of Slack';
  }
  const known = await getSecret(tx, { workspaceId, name: target });
  return known === null
    ? `names no secret of this workspace; set it by PUT /v1/secrets/${target}`
    : null;
}

function own(
  actorIn: ActorIn,
  id: string,
  found: NotificationPreference | null,
): NotificationPreference {
  if (found === null || !reaches(actorIn, found)) throw noPreference(id);
  return found;
}

function reaches(
  actorIn: ActorIn,
  { workspaceId, user }: Pick<NotificationPreference, 'workspaceId' | 'user'>,
): boolean {
  const { userId } = actorIn(workspaceId);
  return userId === null || userId === user.id;
}

function requireOwn(actor: Actor, userId: string): void {
  if (actor.userId === null || actor.userId === userId) return;
  throw new ApiError('forbidden', 'You choose what you are told; owners choose for others.');
}

function requireTargets(actor: Actor): void {
  if (actor.mayNameTargets) return;
  throw new ApiError(
    'forbidden',
    'Your role may be told by email; an owner or editor sets up Slack and webhooks.',
  );
}

function noPreference(id: string): ApiError {
  return new ApiError('not_found', `There is no notification preference ${id.slice(0, 64)}.`);
}
