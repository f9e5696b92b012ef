import type { Command } from 'commander';
import type { ApiClient, Many, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import { onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface WorkspaceOptions extends ClientOptions {
  readonly workspace?: string;
}

interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly access: string;
  readonly scopes: readonly string[] | null;
  readonly hint: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

interface MemberView {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly sign_in: readonly string[];
}

interface AuditView {
  readonly seq: number;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly address: string | null;
  readonly action: string;
  readonly object_id: string | null;
  readonly outcome: string;
}

interface VerdictView {
  readonly ok: boolean;
  readonly entries: number;
  readonly broken_at: number | null;
  readonly seq: number;
  readonly hash: string;
}

const workspaceFlag = ['--workspace <id>', 'which, where the token reaches several'] as const;

/** `signalbox tokens`, `members`, `audit`: who may do what, and who did. */
export function registerPeopleCommands(program: Command, io: CliIo): void {
  registerTokens(program.command('tokens').description('bearer credentials of programs'), io);
  registerMembers(program.command('members').description('people of a workspace, and roles'), io);
  registerAudit(program.command('audit').description('who changed what'), io);
}

function registerTokens(tokens: Command, io: CliIo): void {
  const list = tokens.command('list').description('tokens that hold, and expired ones');
  withClientOptions(withPageOptions(list)).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const query = { limit: options.limit, cursor: options.cursor };
      const answer = await client.send<Many<TokenView>>({ path: '/v1/tokens', query });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No tokens.',
        columns: [
          { title: 'ID', value: (token) => token.id },
          { title: 'ACCESS', value: (token) => token.scopes?.join(',') ?? token.access },
          { title: 'USED', value: (token) => timeOr(token.last_used_at, 'never') },
          { title: 'EXPIRES', value: (token) => timeOr(token.expires_at, 'never') },
          { title: 'NAME', value: (token) => token.name, shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    });
  });
  const create = tokens
    .command('create')
    .description('make a token; prints its secret, this once')
    .argument('<name>', 'what it is for')
    .option('--write', 'may change things too')
    .option('--scope <scopes...>', 'nothing but these, such as run:write agent:read')
    .option('--agent <ids...>', 'only these agents')
    .option('--expires <time>', 'such as 2027-01-31T00:00:00Z')
    .option(...workspaceFlag);
  withClientOptions(create).action(
    async (
      name: string,
      options: WorkspaceOptions & {
        readonly write?: boolean;
        readonly scope?: readonly string[];
        readonly agent?: readonly string[];
        readonly expires?: string;
      },
    ) => {
      await withServer(io, options, async ({ client, out }) => {
        const isWrite =
          options.write === true || options.scope?.some((one) => one.endsWith(':write'));
        const answer = await client.send<One<TokenView & { readonly token: string }>>({
          method: 'POST',
          path: '/v1/tokens',
          body: JSON.stringify({
            name,
            access: isWrite ? 'write' : 'read',
            workspace_ids: [await workspaceOf(client, options)],
            scopes: options.scope,
            agent_ids: options.agent,
            expires_at: options.expires,
          }),
        });
        if (options.json) return out.line(answer.text);
        out.line(`created ${answer.body.data.id}`);
        out.line(`token ${answer.body.data.token}`);
      });
    },
  );
  const revoke = tokens.command('revoke').description('end a token at once').argument('<id>');
  withClientOptions(revoke).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `/v1/tokens/${encodeURIComponent(id)}`;
      const answer = await client.send<One<unknown>>({ method: 'DELETE', path });
      out.line(options.json ? answer.text : `revoked ${id}`);
    });
  });
}

function registerMembers(members: Command, io: CliIo): void {
  const list = members.command('list').description('members, and how they sign in');
  list.option(...workspaceFlag);
  withClientOptions(list).action(async (options: WorkspaceOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = await usersPath(client, options);
      const answer = await client.send<Many<MemberView>>({ path, query: { limit: 100 } });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No members.',
        columns: [
          { title: 'ID', value: (member) => member.id },
          { title: 'ROLE', value: (member) => member.role },
          { title: 'SIGNS IN BY', value: (member) => member.sign_in.join(', ') || 'invited' },
          { title: 'ADDRESS', value: (member) => member.email, shrinks: true },
        ],
      });
    });
  });
  const add = members
    .command('add')
    .description('add somebody; prints an invitation for who is new, this once')
    .argument('<email>')
    .requiredOption('--role <role>', 'owner, editor, operator or viewer')
    .option(...workspaceFlag);
  withClientOptions(add).action(
    async (email: string, options: WorkspaceOptions & { readonly role: string }) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const answer = await client.send<One<MemberView & { readonly invitation: string | null }>>({
          method: 'POST',
          path: await usersPath(client, options),
          body: JSON.stringify({ email, role: options.role }),
        });
        if (options.json) return out.line(answer.text);
        const { id, invitation } = answer.body.data;
        out.line(`added ${id}`);
        if (invitation === null) return;
        out.line(`invitation ${invitation}`);
        notes.line(
          notes.style.dim('They set a password at /invitation#<invitation>, within 7 days.'),
        );
      });
    },
  );
  const role = members
    .command('role')
    .description('give a member another role')
    .argument('<user>', 'id')
    .argument('<role>', 'owner, editor, operator or viewer')
    .option(...workspaceFlag);
  withClientOptions(role).action(async (user: string, given: string, options: WorkspaceOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `${await usersPath(client, options)}/${encodeURIComponent(user)}`;
      const body = JSON.stringify({ role: given });
      const answer = await client.send<One<MemberView>>({ method: 'PATCH', path, body });
      out.line(options.json ? answer.text : `${answer.body.data.email} ${given}`);
    });
  });
  const remove = members
    .command('remove')
    .description('take a member out of the workspace, at once')
    .argument('<user>', 'id')
    .option(...workspaceFlag);
  withClientOptions(remove).action(async (user: string, options: WorkspaceOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `${await usersPath(client, options)}/${encodeURIComponent(user)}`;
      const answer = await client.send<One<unknown>>({ method: 'DELETE', path });
      out.line(options.json ? answer.text : `removed ${user}`);
    });
  });
}

function registerAudit(audit: Command, io: CliIo): void {
  const list = withPageOptions(audit.command('list').description('who changed what, newest first'))
    .option('--object <id>', 'of this object')
    .option('--actor <id>', 'by this token or person')
    .option(...workspaceFlag);
  withClientOptions(list).action(
    async (
      options: WorkspaceOptions &
        PageOptions & { readonly object?: string; readonly actor?: string },
    ) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const answer = await client.send<Many<AuditView>>({
          path: '/v1/audit',
          query: {
            workspace_id: await workspaceOf(client, options),
            limit: options.limit,
            cursor: options.cursor,
            object_id: options.object,
            actor_id: options.actor,
          },
        });
        if (options.json) return out.line(answer.text);
        printTable(out, {
          rows: answer.body.data,
          empty: 'Nothing was changed.',
          columns: [
            { title: 'SEQ', align: 'right', value: (entry) => String(entry.seq) },
            { title: 'AT', value: (entry) => localTime(entry.at) },
            { title: 'WHO', value: (entry) => `${entry.actor.kind} ${entry.actor.name}` },
            { title: 'FROM', value: (entry) => entry.address ?? '' },
            { title: 'DID', value: (entry) => entry.action },
            { title: 'TO', value: (entry) => entry.object_id ?? '' },
            { title: 'OUTCOME', value: (entry) => entry.outcome },
          ],
        });
        noteMore(notes, answer.body.next_cursor);
      });
    },
  );
  const verify = audit
    .command('verify')
    .description('make every hash of the log again; fails where an entry was changed')
    .option(...workspaceFlag);
  withClientOptions(verify).action(async (options: WorkspaceOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const query = { workspace_id: await workspaceOf(client, options) };
      const answer = await client.send<One<VerdictView>>({ path: '/v1/audit/verify', query });
      const { ok, entries, broken_at, seq, hash } = answer.body.data;
      if (options.json) out.line(answer.text);
      else if (ok)
        out.line(`${entries} entries are as they were written; the last is ${seq} ${hash}`);
      if (ok) return;
      throw new CliError(`The audit log was changed: entry ${broken_at} is not as it was written.`);
    });
  });
}

async function usersPath(client: ApiClient, options: WorkspaceOptions): Promise<string> {
  return `/v1/workspaces/${encodeURIComponent(await workspaceOf(client, options))}/users`;
}

async function workspaceOf(client: ApiClient, options: WorkspaceOptions): Promise<string> {
  return options.workspace ?? (await onlyWorkspaceId(client));
}

function timeOr(time: string | null, otherwise: string): string {
  return time === null ? otherwise : localTime(time);
}
