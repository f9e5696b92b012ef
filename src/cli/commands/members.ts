import type { Command } from 'commander';
import type { ApiClient, Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface MemberView {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly sign_in: readonly string[];
}

/** `signalbox members`: what people may do. */
export function registerMembersCommands(program: Command, io: CliIo): void {
  const members = program.command('members').description('people of a workspace, and roles');
  const list = members.command('list').description('members, and how they sign in');
  withPageOptions(list);
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const path = await usersPath(client);
      const query = { limit: options.limit, cursor: options.cursor };
      const answer = await client.send<Many<MemberView>>({ path, query });
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
      noteMore(notes, answer.body.next_cursor);
    });
  });
  const add = members
    .command('add')
    .description('add somebody; prints an invitation for who is new, this once')
    .argument('<email>')
    .requiredOption('--role <role>', 'owner, editor, operator or viewer');
  withClientOptions(add).action(
    async (email: string, options: ClientOptions & { readonly role: string }) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const answer = await client.send<One<MemberView & { readonly invitation: string | null }>>({
          method: 'POST',
          path: await usersPath(client),
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
    .argument('<role>', 'owner, editor, operator or viewer');
  withClientOptions(role).action(async (user: string, given: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `${await usersPath(client)}/${encodeURIComponent(user)}`;
      const body = JSON.stringify({ role: given });
      const answer = await client.send<One<MemberView>>({ method: 'PATCH', path, body });
      out.line(options.json ? answer.text : `${answer.body.data.email} ${given}`);
    });
  });
  const remove = members
    .command('remove')
    .description('take a member out of the workspace, at once')
    .argument('<user>', 'id');
  withClientOptions(remove).action(async (user: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `${await usersPath(client)}/${encodeURIComponent(user)}`;
      const answer = await client.send<One<unknown>>({ method: 'DELETE', path });
      out.line(options.json ? answer.text : `removed ${user}`);
    });
  });
}

async function usersPath(client: ApiClient): Promise<string> {
  return `/v1/workspaces/${encodeURIComponent(await onlyWorkspaceId(client))}/users`;
}
