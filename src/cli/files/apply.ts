import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { readBase, writeBase } from './base.ts';
import { type Comparison, compare } from './compare.ts';
import { readFolder } from './folder.ts';
import { type Fields, homes, type Kind, type ServerObject } from './objects.ts';
import { namesIn } from './read-files.ts';
import { readServer } from './read-server.ts';
import { createObject, deleteObject, patchObject } from './send.ts';
import type { Sending } from './sending.ts';
import { printComparisons, type Shown } from './show.ts';
import { splitByKnown } from './split-by-known.ts';

export interface ApplyOptions {
  readonly dryRun: boolean;
  /** Deletes what the folder does not have. */
  readonly prune: boolean;
  /** The folder is right wherever the two differ. */
  readonly overwrite: boolean;
  readonly only: ReadonlySet<Kind>;
}

/**
 * Makes a workspace hold what a folder does. Where both have changed since they last met nothing is written at
 * all. Throws `CliError` that names every field at issue.
 */
export async function applyFolder(
  context: CommandContext,
  of: { readonly root: string; readonly workspaceId: string },
  options: ApplyOptions,
): Promise<readonly Shown[]> {
  const { client } = context;
  const { root, workspaceId } = of;
  const { only } = options;
  const folder = await readFolder(root, only);
  if (folder.size === 0) {
    throw new CliError(`${root} holds no agents and no tools.`, {
      hint: 'Agents are in agents/NAME/agent.yaml, tools in tools/NAME/tool.yaml. `signalbox pull` writes them.',
    });
  }
  const server = await readServer(client, workspaceId, only);
  const base = await readBase(root, workspaceId);
  const comparisons = compare({ folder, server: server.objects, base });
  const held = await kindsHeld(root);
  const shown = comparisons.map((comparison): Shown => shownOf(comparison, options, held));
  printComparisons(context, shown);
  const conflicts = shown.filter(({ action }) => action === 'conflict');
  if (conflicts.length > 0) throw conflictOf(conflicts);
  if (options.dryRun) return shown;
  const ids = new Map([...server.objects].map(([key, { id }]) => [key, id]));
  for (const [id, name] of server.names.agents) ids.set(`agent ${name}`, id);
  const sending: Sending = { client, env: context.io.env, server, ids, folder };
  await sendAll(sending, shown, options);
  const gone = shown.flatMap(({ comparison, action }) =>
    action === 'delete' && comparison.kind === 'only_there' ? [comparison.there] : [],
  );
  await deleteAll(sending, gone.toReversed());
  await writeBase(root, workspaceId, {
    folder,
    server: (await readServer(client, workspaceId, only)).objects,
    only,
  });
  return shown;
}

/** What is named by others that go as well is refused at first. */
async function deleteAll(sending: Sending, gone: readonly ServerObject[]): Promise<void> {
  const refused: ServerObject[] = [];
  let first: CliError | null = null;
  for (const object of gone) {
    try {
      await deleteObject(sending, object);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      first ??= error;
      refused.push(object);
    }
  }
  if (first === null) return;
  if (refused.length === gone.length) throw first;
  await deleteAll(sending, refused);
}

async function sendAll(
  sending: Sending,
  shown: readonly Shown[],
  options: ApplyOptions,
): Promise<void> {
  const later: { readonly comparison: Comparison; readonly fields: Fields }[] = [];
  for (const { comparison, action } of shown) {
    if (action === 'create' && comparison.kind === 'only_here') {
      const { here } = comparison;
      const { now, waiting } = splitByKnown(sending, here, here.fields);
      if (waiting !== null) later.push({ comparison, fields: waiting });
      await createObject(sending, here, now);
    }
    if (action === 'change' && comparison.kind === 'changed') {
      const { here, there } = comparison;
      const fields = comparison.fields.filter(({ state }) => options.overwrite || state === 'mine');
      const changed = Object.fromEntries(fields.map(({ field }) => [field, here.fields[field]]));
      const { now, waiting } = splitByKnown(sending, here, changed);
      if (waiting !== null) later.push({ comparison, fields: waiting });
      if (Object.keys(now).length > 0) await patchObject(sending, here, { there, fields: now });
    }
  }
  if (later.length === 0) return;
  // What names one another: all are there by now.
  const { client, server } = sending;
  const { objects } = await readServer(client, server.workspaceId, options.only);
  for (const { comparison, fields } of later) {
    if (comparison.kind !== 'only_here' && comparison.kind !== 'changed') continue;
    const there = objects.get(comparison.key);
    if (there !== undefined) await patchObject(sending, comparison.here, { there, fields });
  }
}

/** The kinds that the folder has a place for: of others it says nothing. */
async function kindsHeld(root: string): Promise<ReadonlySet<string>> {
  const there = new Set(await namesIn(root));
  const later: readonly string[] = [homes.skill, homes.knowledge, homes.model, homes.channel];
  return new Set(Object.values(homes).filter((home) => there.has(home) || !later.includes(home)));
}

function shownOf(comparison: Comparison, options: ApplyOptions, held: ReadonlySet<string>): Shown {
  const { overwrite, prune } = options;
  switch (comparison.kind) {
    case 'same':
      return { comparison, action: 'none' };
    case 'only_here': {
      if (!comparison.wasThere || overwrite) return { comparison, action: 'create' };
      return { comparison, action: 'conflict', note: 'was deleted on the server' };
    }
    case 'only_there': {
      const home = homes[comparison.there.kind];
      if (!comparison.wasHere && !held.has(home)) {
        return {
          comparison,
          action: 'none',
          note: `only on the server; the folder has no ${home}/`,
        };
      }
      if (!prune)
        return { comparison, action: 'none', note: 'only on the server; --prune deletes it' };
      if (!comparison.isChanged || overwrite) return { comparison, action: 'delete' };
      return { comparison, action: 'conflict', note: 'was deleted here and changed on the server' };
    }
    case 'changed': {
      const states = comparison.fields.map(({ state }) => state);
      if (overwrite) return { comparison, action: 'change' };
      if (states.includes('both')) return { comparison, action: 'conflict' };
      if (states.includes('mine')) return { comparison, action: 'change' };
      return {
        comparison,
        action: 'none',
        note: 'changed on the server; `signalbox pull` brings it',
      };
    }
  }
}

function conflictOf(conflicts: readonly Shown[]): CliError {
  const named = conflicts.map(({ comparison, note }) => {
    if (comparison.kind !== 'changed') return `${comparison.key} (${note})`;
    const fields = comparison.fields.filter(({ state }) => state === 'both');
    return `${comparison.key}: ${fields.map(({ field }) => field).join(', ')}`;
  });
  return new CliError(
    `Changed here and on the server since the two last met: ${named.join('; ')}. Nothing was written.`,
    {
      hint: 'Bring the two together: `signalbox diff` shows both, `signalbox pull --overwrite` takes the server’s, `signalbox apply --overwrite` the folder’s.',
    },
  );
}
