import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { readBase, writeBase } from './base.ts';
import { type Comparison, compare } from './compare.ts';
import { readFolder } from './folder.ts';
import { type FileObject, hasAllFields, type Kind, keyOf } from './objects.ts';
import { readServer } from './read-server.ts';
import { removeObject, writeObjects } from './write-objects.ts';

export interface PullOptions {
  readonly dryRun: boolean;
  /** Takes files away whose object is not on the server any more. */
  readonly prune: boolean;
  /** The server is right wherever the two differ. */
  readonly overwrite: boolean;
  readonly only: ReadonlySet<Kind>;
}

/**
 * Brings what a workspace holds into a folder. A field that was changed here alone stays; one that was changed on
 * both sides is a conflict, and nothing is written. Returns the keys of what was written and taken away.
 */
export async function pullFolder(
  { client }: CommandContext,
  of: { readonly root: string; readonly workspaceId: string },
  options: PullOptions,
): Promise<{ readonly written: readonly string[]; readonly removed: readonly string[] }> {
  const { root, workspaceId } = of;
  const { only } = options;
  const folder = await readFolder(root, only);
  const { objects } = await readServer(client, workspaceId, only);
  const base = await readBase(root, workspaceId);
  const comparisons = compare({ folder, server: objects, base });
  const conflicts = comparisons.flatMap((one) => conflictIn(one, options));
  if (conflicts.length > 0) {
    throw new CliError(
      `Changed here and on the server since the two last met: ${conflicts.join('; ')}. Nothing was written.`,
      { hint: '`signalbox diff` shows both; `signalbox pull --overwrite` takes the server’s.' },
    );
  }
  const written = comparisons.flatMap((one) => mergedObject(one, options));
  const removed = comparisons.flatMap((one) =>
    one.kind === 'only_here' && one.wasThere && options.prune ? [one.here] : [],
  );
  if (!options.dryRun) {
    await writeObjects(root, folder, written);
    // What stands below others goes before them.
    for (const object of removed.toReversed()) await removeObject(root, object);
    await writeBase(root, workspaceId, {
      folder: await readFolder(root, only),
      server: objects,
      only,
    });
  }
  return { written: written.map(keyOf), removed: removed.map(keyOf) };
}

function conflictIn(one: Comparison, { overwrite }: PullOptions): string[] {
  if (overwrite || one.kind !== 'changed') return [];
  const fields = one.fields.filter(({ state }) => state === 'both').map(({ field }) => field);
  return fields.length === 0 ? [] : [`${one.key}: ${fields.join(', ')}`];
}

function mergedObject(one: Comparison, { overwrite }: PullOptions): FileObject[] {
  if (one.kind === 'only_there') return one.wasHere && !overwrite ? [] : [one.there];
  if (one.kind === 'only_here') return [];
  const { here, there } = one;
  const missing =
    !hasAllFields(here.kind) && Object.keys(there.fields).some((field) => !(field in here.fields));
  if (one.kind === 'same' && !missing) return [];
  const mine = one.kind === 'changed' && !overwrite ? one.fields : [];
  const kept = mine.filter(({ state }) => state === 'mine');
  const fields = {
    ...there.fields,
    ...Object.fromEntries(kept.map(({ field }) => [field, here.fields[field]])),
  };
  return [{ ...there, fields }];
}
