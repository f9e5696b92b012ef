import type { Command } from 'commander';
import type { One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';

interface TemplateView {
  readonly slug: string;
  readonly category: string;
  readonly tagline: string;
}

interface InstalledView {
  readonly agent_id: string;
  readonly parts: readonly {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
    readonly outcome: string;
  }[];
}

/** `signalbox templates list|install`. */
export function registerTemplatesCommands(program: Command, io: CliIo): void {
  const templates = program
    .command('templates')
    .description('agents with all they need, installed in one go');
  withClientOptions(templates.command('list').description('what can be installed')).action(
    (options: ClientOptions) =>
      withServer(io, options, async ({ client, out }) => {
        const answer = await client.send<One<readonly TemplateView[]>>({ path: '/v1/templates' });
        if (options.json) return out.line(answer.text);
        printTable(out, {
          rows: answer.body.data,
          empty: 'No templates.',
          columns: [
            { title: 'TEMPLATE', value: (template) => template.slug },
            { title: 'CATEGORY', value: (template) => template.category },
            { title: 'WHAT IT DOES', value: (template) => template.tagline, shrinks: true },
          ],
        });
      }),
  );
  const install = templates
    .command('install')
    .description('make its agent, with tools, skills, knowledge and test cases')
    .argument('<template>', 'as `templates list` names it');
  withClientOptions(install).action(
    (template: string, options: ClientOptions & { readonly workspace?: string }) =>
      withServer(io, options, async ({ client, out }) => {
        const answer = await client.send<One<InstalledView>>({
          method: 'POST',
          path: `/v1/templates/${encodeURIComponent(template)}/install`,
          query: { workspace_id: options.workspace },
        });
        if (options.json) return out.line(answer.text);
        printTable(out, {
          rows: answer.body.data.parts,
          empty: 'Nothing.',
          columns: [
            { title: 'PART', value: (part) => part.kind },
            { title: 'ID', value: (part) => part.id },
            { title: 'OUTCOME', value: (part) => part.outcome },
            { title: 'NAME', value: (part) => part.name, shrinks: true },
          ],
        });
      }),
  );
}
