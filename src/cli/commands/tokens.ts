import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import { onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly access: string;
  readonly scopes: readonly string[] | null;
  readonly hint: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

/** `signalbox tokens`: what programs may do. */
export function registerTokensCommands(program: Command, io: CliIo): void {
  const tokens = program.command('tokens').description('bearer credentials of programs');
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
    .option('--expires <time>', 'such as 2027-01-31T00:00:00Z');
  withClientOptions(create).action(
    async (
      name: string,
      options: ClientOptions & {
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
            workspace_ids: [await onlyWorkspaceId(client)],
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

function timeOr(time: string | null, otherwise: string): string {
  return time === null ? otherwise : localTime(time);
}
