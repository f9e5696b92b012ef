import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ApiClient, ApiRequest, Many, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { findSkillId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { readSkillFolder, type SkillFileView, writeSkillFolder } from '../skill-folder.ts';
import { printTable } from '../table.ts';
import { unreadable } from '../unreadable.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface SkillView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly body: string;
  readonly allowed_tools: readonly string[] | null;
  readonly enabled: boolean;
  readonly version: number;
}

interface ListOptions extends PageOptions {}

interface ImportOptions extends ListOptions {
  readonly replace?: boolean;
}

interface ExportOptions extends ListOptions {
  readonly to?: string;
  readonly zip?: boolean;
}

/** `signalbox skills list|get|import|export|rm`. */
export function registerSkillsCommands(program: Command, io: CliIo): void {
  const skills = program
    .command('skills')
    .description('instructions that agents load when they need them');
  registerReading(skills, io);
  registerImport(skills, io);
  registerExport(skills, io);
  const remove = skills
    .command('rm')
    .description('delete a skill that no agent has')
    .argument('<skill>', 'id or name');
  withClientOptions(remove).action((skill: string, options: ClientOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const path = await pathOf(client, skill);
      const answer = await client.send({ method: 'DELETE', path });
      out.line(options.json ? answer.text : sanitizedLine(`deleted ${skill}`));
    }),
  );
}

function registerReading(skills: Command, io: CliIo): void {
  const list = withPageOptions(
    skills.command('list').description('skills of the workspace, newest first'),
  );
  withClientOptions(list).action((options: ListOptions) =>
    withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor, workspace: workspace_id } = options;
      const query = { limit, cursor, workspace_id };
      const answer = await client.send<Many<SkillView>>({ path: '/v1/skills', query });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No skills.',
        columns: [
          { title: 'ID', value: (skill) => skill.id },
          { title: 'NAME', value: (skill) => skill.name },
          { title: 'VERSION', align: 'right', value: (skill) => String(skill.version) },
          { title: 'STATE', value: (skill) => (skill.enabled ? 'on' : 'off') },
          { title: 'DESCRIPTION', value: (skill) => skill.description, shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    }),
  );
  const get = skills
    .command('get')
    .description('a skill with its instructions')
    .argument('<skill>', 'id or name');
  withClientOptions(get).action((skill: string, options: ClientOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const path = await pathOf(client, skill);
      const answer = await client.send<One<SkillView>>({ path });
      if (options.json) return out.line(answer.text);
      const { id, name, version, description, body, allowed_tools } = answer.body.data;
      out.line(
        `${out.style.strong(sanitizedLine(name))}  ${out.style.dim(`version ${version} · ${id}`)}`,
      );
      out.line(sanitized(description));
      if (allowed_tools !== null) {
        out.line(sanitizedLine(`Tools: ${allowed_tools.join(', ') || 'none'}`));
      }
      out.line();
      out.line(sanitized(body.trimEnd()));
    }),
  );
}

function registerImport(skills: Command, io: CliIo): void {
  const command = skills
    .command('import')
    .description('a folder with a SKILL.md, or a ZIP archive of one')
    .argument('<folder or zip>')
    .option('--replace', 'as a new version of the skill that has the name');
  withClientOptions(command).action((what: string, options: ImportOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const { replace = false, workspace: workspace_id } = options;
      const answer = await client.send<One<SkillView>>({
        method: 'POST',
        path: '/v1/skills/import',
        query: { workspace_id, replace: replace ? 'true' : undefined },
        ...(await bodyOf(what)),
      });
      if (options.json) return out.line(answer.text);
      const { id, name, version } = answer.body.data;
      out.line(
        sanitizedLine(
          `${answer.status === 201 ? 'created' : 'saved'} ${name} ${id} version ${version}`,
        ),
      );
    }),
  );
}

function registerExport(skills: Command, io: CliIo): void {
  const command = skills
    .command('export')
    .description('a skill as a folder, byte by byte as it came')
    .argument('<skill>', 'id or name')
    .option('--to <path>', 'default: its name here')
    .option('--zip', 'as a ZIP archive');
  withClientOptions(command, { json: false }).action((skill: string, options: ExportOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const path = await pathOf(client, skill);
      const { body } = await client.send<One<SkillView>>({ path });
      const { name } = body.data;
      if (!/^[a-z0-9-]{1,64}$/.test(name)) throw new CliError('The server gave a strange name.');
      const target = options.to ?? (options.zip ? `${name}.zip` : name);
      if (options.zip) {
        const archive = await client.open({ path: `${path}/export` });
        await writeFile(target, new Uint8Array(await archive.arrayBuffer()), { flag: 'wx' });
      } else {
        const files = await client.send<One<readonly SkillFileView[]>>({ path: `${path}/files` });
        await writeSkillFolder(target, files.body.data);
      }
      out.line(sanitizedLine(`exported ${name} to ${target}`));
    }),
  );
}

async function pathOf(client: ApiClient, skill: string): Promise<string> {
  return `/v1/skills/${encodeURIComponent(await findSkillId(client, skill))}`;
}

/** A folder as the JSON of its files; anything else as the archive that it should be. */
async function bodyOf(path: string): Promise<Pick<ApiRequest, 'body' | 'headers'>> {
  try {
    if ((await stat(path)).isDirectory()) {
      return { body: JSON.stringify({ files: await readSkillFolder(path) }) };
    }
    return { body: await readFile(path), headers: { 'Content-Type': 'application/zip' } };
  } catch (cause) {
    throw cause instanceof CliError ? cause : unreadable(path, cause);
  }
}
