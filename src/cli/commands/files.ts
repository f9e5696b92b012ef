import { type Command, Option } from 'commander';
import { exitCodes } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { applyFolder } from '../files/apply.ts';
import { readBase } from '../files/base.ts';
import { compare } from '../files/compare.ts';
import { readFolder } from '../files/folder.ts';
import { type Kind, kinds } from '../files/objects.ts';
import { pullFolder } from '../files/pull.ts';
import { readServer } from '../files/read-server.ts';
import { printComparisons } from '../files/show.ts';
import { onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';

interface FilesOptions extends ClientOptions {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly overwrite?: boolean;
  readonly exitCode?: boolean;
  readonly only?: readonly Kind[];
  readonly without?: readonly Kind[];
}

/** `signalbox pull|diff|apply FOLDER`: a workspace as files for git. */
export function registerFilesCommands(program: Command, io: CliIo): void {
  const pull = withFolder(program.command('pull').description('write a workspace into a folder'))
    .option('--dry-run', 'only say what would be written')
    .option('--prune', 'take files away whose object was deleted on the server')
    .option('--overwrite', 'take the server’s wherever the two differ');
  withClientOptions(pull, { json: false }).action(async (root: string, options: FilesOptions) => {
    await withServer(io, options, async (context) => {
      const of = { root, workspaceId: await onlyWorkspaceId(context.client) };
      const { written, removed } = await pullFolder(context, of, flagsOf(options));
      const { out } = context;
      for (const key of written) out.line(sanitizedLine(`written ${key}`));
      for (const key of removed) out.line(sanitizedLine(`removed ${key}`));
      if (written.length + removed.length === 0) out.line(out.style.dim('Nothing to bring.'));
    });
  });

  const diff = withFolder(
    program.command('diff').description('what differs between a folder and a workspace'),
  ).option('--exit-code', 'exit with 1 where anything differs');
  withClientOptions(diff, { json: false }).action(async (root: string, options: FilesOptions) => {
    await withServer(io, options, (context) => printDiff(context, root, options));
  });

  const apply = withFolder(
    program.command('apply').description('make a workspace hold what a folder does'),
  )
    .option('--dry-run', 'only say what would be written')
    .option('--prune', 'delete what the folder does not have')
    .option('--overwrite', 'the folder is right wherever the two differ');
  withClientOptions(apply, { json: false }).action(async (root: string, options: FilesOptions) => {
    await withServer(io, options, async (context) => {
      const of = { root, workspaceId: await onlyWorkspaceId(context.client) };
      const shown = await applyFolder(context, of, flagsOf(options));
      const done = shown.filter(({ action }) => action !== 'none').length;
      const verb = options.dryRun === true ? 'to write' : 'written';
      context.out.line(
        context.out.style.dim(`${done} ${verb}, ${shown.length - done} left as they are`),
      );
    });
  });
}

async function printDiff(
  context: CommandContext,
  root: string,
  options: FilesOptions,
): Promise<void> {
  const workspaceId = await onlyWorkspaceId(context.client);
  const { only } = flagsOf(options);
  const folder = await readFolder(root, only);
  const { objects } = await readServer(context.client, workspaceId, only);
  const base = await readBase(root, workspaceId);
  const different = compare({ folder, server: objects, base }).filter(
    ({ kind }) => kind !== 'same',
  );
  printComparisons(
    context,
    different.map((comparison) => ({
      comparison,
      action:
        comparison.kind === 'only_here'
          ? 'create'
          : comparison.kind === 'only_there'
            ? 'delete'
            : 'change',
      ...(comparison.kind === 'only_there' && { note: 'only on the server' }),
    })),
  );
  if (options.exitCode === true && different.length > 0) context.io.setExitCode(exitCodes.failed);
}

function withFolder(command: Command): Command {
  return command
    .argument('<folder>', 'with agents/, tools/, skills/, knowledge/, models/ and channels/')
    .addOption(new Option('--only <kind...>', 'nothing else').choices(kinds))
    .addOption(new Option('--without <kind...>', 'leave these alone').choices(kinds));
}

function flagsOf(options: FilesOptions) {
  return {
    dryRun: options.dryRun === true,
    prune: options.prune === true,
    overwrite: options.overwrite === true,
    only: new Set(
      (options.only ?? kinds).filter((kind) => options.without?.includes(kind) !== true),
    ),
  };
}
