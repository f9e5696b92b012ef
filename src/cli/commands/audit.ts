import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import { onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

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

/** `signalbox audit`: who changed what. */
export function registerAuditCommands(program: Command, io: CliIo): void {
  const audit = program.command('audit').description('who changed what');
  const list = withPageOptions(audit.command('list').description('who changed what, newest first'))
    .option('--object <id>', 'of this object')
    .option('--actor <id>', 'by this token or person');
  withClientOptions(list).action(
    async (options: PageOptions & { readonly object?: string; readonly actor?: string }) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const answer = await client.send<Many<AuditView>>({
          path: '/v1/audit',
          query: {
            workspace_id: await onlyWorkspaceId(client),
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
    .description('make every hash of the log again; fails where an entry was changed');
  withClientOptions(verify).action(async (options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const query = { workspace_id: await onlyWorkspaceId(client) };
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
