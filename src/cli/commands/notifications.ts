import type { Command } from 'commander';
import type { ApiClient, Many, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import { allOf, onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface PreferenceView {
  readonly id: string;
  readonly user: { readonly id: string; readonly email: string };
  readonly channel: string;
  readonly target: string | null;
  readonly kinds: readonly string[];
  readonly agent_ids: readonly string[] | null;
  readonly enabled: boolean;
}

interface NotificationView {
  readonly user: { readonly email: string };
  readonly channel: string;
  readonly subject: string;
  readonly status: string;
  readonly error: string | null;
  readonly created_at: string;
}

interface AddOptions extends ClientOptions {
  readonly member?: string;
  readonly target?: string;
  readonly kinds?: readonly string[];
  readonly agents?: readonly string[];
  readonly group?: string;
}

const preferencesPath = '/v1/notifications/preferences';

/** `signalbox notifications list|preferences|add|on|off|remove|test`. */
export function registerNotificationsCommands(program: Command, io: CliIo): void {
  const group = program
    .command('notifications')
    .description('who is told of hand-overs, approvals and failed runs');
  registerList(group, io);
  registerPreferences(group, io);
  registerAdd(group, io);
  registerSwitch(group, io, { name: 'on', enabled: true, description: 'tell again' });
  registerSwitch(group, io, { name: 'off', enabled: false, description: 'tell no more for now' });
  registerOne(group, io, { name: 'remove', description: 'tell no more', method: 'DELETE' });
  registerOne(group, io, { name: 'test', description: 'send a test message', method: 'POST' });
}

function registerList(group: Command, io: CliIo): void {
  const list = withPageOptions(
    group.command('list').description('what was sent, and how it went'),
  ).option('--status <status>', 'queued, sent or failed');
  withClientOptions(list).action(async (options: PageOptions & { readonly status?: string }) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor, status } = options;
      const query = { workspace_id: options.workspace, limit, cursor, status };
      const path = '/v1/notifications';
      const answer = await client.send<Many<NotificationView>>({ path, query });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'Nothing was sent.',
        columns: [
          { title: 'AT', value: (one) => localTime(one.created_at) },
          { title: 'STATUS', value: (one) => one.status },
          { title: 'BY', value: (one) => one.channel },
          { title: 'TO', value: (one) => one.user.email },
          { title: 'WHAT', value: (one) => one.error ?? one.subject, shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerPreferences(group: Command, io: CliIo): void {
  const list = withPageOptions(
    group.command('preferences').description('who is told of what, and by what'),
  );
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const query = { workspace_id: options.workspace, limit, cursor };
      const answer = await client.send<Many<PreferenceView>>({ path: preferencesPath, query });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'Nobody is told of anything.',
        columns: [
          { title: 'ID', value: (one) => one.id },
          { title: 'MEMBER', value: (one) => one.user.email },
          { title: 'BY', value: (one) => (one.enabled ? one.channel : `${one.channel} (off)`) },
          { title: 'OF', value: (one) => one.kinds.join(', ') },
          { title: 'AGENTS', value: (one) => one.agent_ids?.join(', ') ?? 'all', shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerAdd(group: Command, io: CliIo): void {
  const add = group
    .command('add')
    .description('tell a member when something needs a person')
    .argument('<channel>', 'email, slack or webhook')
    .option('--member <member>', 'address or id; needed with a token')
    .option('--target <target>', 'slack: name of a secret; webhook: URL')
    .option('--kinds <kinds...>', 'escalation, approval, failure (default: the first two)')
    .option('--agents <ids...>', 'only of these (default: all)')
    .option('--group <seconds>', 'one message for so long, 60 to 86400 (default 300)');
  withClientOptions(add).action(async (channel: string, options: AddOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { member, target, kinds, agents, group: seconds } = options;
      const user = member === undefined ? {} : { user_id: await userOf(client, member) };
      const answer = await client.send<One<PreferenceView & { readonly secret: string | null }>>({
        method: 'POST',
        path: preferencesPath,
        body: JSON.stringify({
          ...{
            workspace_id: options.workspace,
            ...user,
            channel,
            target,
            kinds,
            agent_ids: agents,
          },
          group_seconds: seconds === undefined ? undefined : Number(seconds),
        }),
      });
      if (options.json) return out.line(answer.text);
      out.line(`added ${answer.body.data.id}`);
      const { secret } = answer.body.data;
      if (secret !== null) notes.line(`Messages are signed with ${secret} (shown this once).`);
    });
  });
}

function registerSwitch(
  group: Command,
  io: CliIo,
  given: { readonly name: string; readonly enabled: boolean; readonly description: string },
): void {
  const command = group
    .command(given.name)
    .description(given.description)
    .argument('<preference>', 'id');
  withClientOptions(command).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<PreferenceView>>({
        method: 'PATCH',
        path: `${preferencesPath}/${encodeURIComponent(id)}`,
        body: JSON.stringify({ enabled: given.enabled }),
      });
      out.line(options.json ? answer.text : `${given.name} ${answer.body.data.id}`);
    });
  });
}

function registerOne(
  group: Command,
  io: CliIo,
  given: {
    readonly name: 'remove' | 'test';
    readonly description: string;
    readonly method: 'DELETE' | 'POST';
  },
): void {
  const { name, method } = given;
  const command = group.command(name).description(given.description).argument('<preference>', 'id');
  withClientOptions(command).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const end = name === 'test' ? '/test' : '';
      const path = `${preferencesPath}/${encodeURIComponent(id)}${end}`;
      const answer = await client.send<One<{ readonly id: string }>>({ method, path });
      out.line(options.json ? answer.text : `${name}: ${answer.body.data.id}`);
    });
  });
}

/** Throws `CliError` where no member has the address. */
async function userOf(client: ApiClient, member: string): Promise<string> {
  if (!member.includes('@')) return member;
  const path = `/v1/workspaces/${await onlyWorkspaceId(client)}/users`;
  const members = await allOf<{ readonly id: string; readonly email: string }>(client, path);
  const found = members.find(({ email }) => email === member.toLowerCase());
  if (found !== undefined) return found.id;
  throw new CliError(`No member has the address ${member}.`, {
    hint: 'See: signalbox members list',
  });
}
