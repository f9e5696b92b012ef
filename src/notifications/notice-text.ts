import type { NotificationKind } from '../core/notification.ts';
import type { DuePreference, Gathered, NotificationItem } from '../store/notification-facts.ts';

// What a message says: how many of what, which, what to do about each, and where. Nothing of what customers wrote.

export interface NoticeText {
  readonly subject: string;
  readonly body: string;
}

const kindTexts: Readonly<
  Record<
    NotificationKind,
    {
      readonly one: string;
      readonly many: string;
      readonly heading: string;
      readonly toDo: string;
      readonly rest: string;
    }
  >
> = {
  escalation: {
    one: '1 hand-over',
    many: 'hand-overs',
    heading: 'Handed over to a person:',
    toDo: 'Approve or edit the reply, take over, or resolve it',
    rest: '/inbox',
  },
  approval: {
    one: '1 approval',
    many: 'approvals',
    heading: 'Waiting for a decision:',
    toDo: 'Approve, reject or ask for changes',
    rest: '/inbox?show=approvals',
  },
  failure: {
    one: '1 failed run',
    many: 'failed runs',
    heading: 'Failed:',
    toDo: 'See at which step, mend it and retry the run',
    rest: '/runs?status=failed',
  },
};

const order: readonly NotificationKind[] = ['escalation', 'approval', 'failure'];

export interface TextOptions {
  /** Where people reach the dashboard; null: links are paths. */
  readonly publicUrl: string | null;
}

/** The message for a person, by mail or Slack. */
export function textOf(
  options: TextOptions,
  gathered: Gathered,
  preference: Pick<DuePreference, 'workspaceName'>,
): NoticeText {
  const kinds = order.filter((kind) => (gathered.counts[kind] ?? 0) > 0);
  const what = kinds.map((kind) => countOf(kind, gathered.counts[kind] ?? 0));
  const sections = kinds.map((kind) => sectionOf(options, gathered, kind));
  const subject = `[${preference.workspaceName}] ${joined(what)}`.replace(/\s+/g, ' ');
  return { subject: subject.slice(0, 200).toWellFormed(), body: sections.join('\n\n') };
}

/** The same for a program, as the JSON that a webhook gets. */
export function jsonOf(
  options: TextOptions,
  gathered: Gathered,
  message: { readonly id: string; readonly workspaceId: string; readonly at: Date },
): string {
  return JSON.stringify({
    type: 'notification',
    timestamp: message.at.toISOString(),
    data: {
      id: message.id,
      workspace_id: message.workspaceId,
      counts: gathered.counts,
      items: gathered.items.map((item) => ({
        kind: item.kind,
        id: item.objectId,
        agent_id: item.agent.id,
        agent_name: item.agent.name,
        agent_run_id: item.runId,
        run_id: item.executionId,
        reason: item.reason === null ? null : shortened(item.reason),
        what_to_do: kindTexts[item.kind].toDo,
        link: linkOf(options, item),
        expires_at: item.expiresAt?.toISOString() ?? null,
        at: item.at.toISOString(),
      })),
    },
  });
}

function sectionOf(options: TextOptions, gathered: Gathered, kind: NotificationKind): string {
  const { heading, toDo, rest } = kindTexts[kind];
  const items = gathered.items.filter((item) => item.kind === kind);
  const lines = items.flatMap((item) => {
    const reason = item.reason === null ? '' : `: ${shortened(item.reason)}`;
    const until = item.expiresAt === null ? '' : ` (until ${item.expiresAt.toISOString()})`;
    return [`- ${item.agent.name}${reason}${until}`, `  ${toDo}: ${linkOf(options, item)}`];
  });
  const left = (gathered.counts[kind] ?? 0) - items.length;
  if (left > 0) lines.push(`- and ${left} more: ${options.publicUrl ?? ''}${rest}`);
  return [heading, ...lines].join('\n');
}

function linkOf({ publicUrl }: TextOptions, { kind, objectId, runId, agent }: NotificationItem) {
  const path = {
    escalation: `/inbox?item=${objectId}`,
    approval: `/inbox?show=approvals&item=${objectId}`,
    failure: `/runs/${agent.id}/${runId}`,
  }[kind];
  return `${publicUrl ?? ''}${path}`;
}

function countOf(kind: NotificationKind, count: number): string {
  const { one, many } = kindTexts[kind];
  return count === 1 ? one : `${count} ${many}`;
}

function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}
