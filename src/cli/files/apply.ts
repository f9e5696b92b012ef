import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { readBase, writeBase } from './base.ts';
import { type Comparison, compare } from './compare.ts';
import { readFolder } from './folder.ts';
import type { Fields } from './objects.ts';
import { readServer } from './read-server.ts';
import { createObject, deleteObject, patchObject, type Sending } from './send.ts';
import { printComparisons, type Shown } from './show.ts';

export interface ApplyOptions {
  readonly dryRun: boolean;
  /** Deletes what the folder does not have. */
  readonly prune: boolean;
  /** The folder is right wherever the two differ. */
  readonly overwrite: boolean;
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
  const folder = await readFolder(root);
  if (folder.size === 0) {
    throw new CliError(`${root} holds no agents and no tools.`, {
      hint: 'Agents are in agents/NAME/agent.yaml, tools in tools/NAME/tool.yaml. `signalbox pull` writes them.',
    });
  }
  const server = await readServer(client, workspaceId);
  const base = await readBase(root, workspaceId);
  const comparisons = compare({ folder, server: server.objects, base });
  const shown = comparisons.map((comparison): Shown => shownOf(comparison, options));
  printComparisons(context, shown);
  const conflicts = shown.filter(({ action }) => action === 'conflict');
  if (conflicts.length > 0) throw conflictOf(conflicts);
  if (options.dryRun) return shown;
  const agentIds = new Map(
    [...server.objects.values()].flatMap(({ kind, name, id }) =>
      kind === 'agent' ? [[name, id] as const] : [],
    ),
  );
  const sending: Sending = { client, env: context.io.env, server, agentIds };
  await sendAll(sending, shown, options);
  for (const { comparison, action } of shown.toReversed()) {
    if (action === 'delete' && comparison.kind === 'only_there') {
      await deleteObject(client, comparison.there);
    }
  }
  await writeBase(root, workspaceId, {
    folder,
    server: (await readServer(client, workspaceId)).objects,
  });
  return shown;
}

async function sendAll(
  sending: Sending,
  shown: readonly Shown[],
  options: ApplyOptions,
): Promise<void> {
  const later: { readonly comparison: Comparison; readonly tools: unknown }[] = [];
  for (const { comparison, action } of shown) {
    if (action === 'create' && comparison.kind === 'only_here') {
      const { here } = comparison;
      const known = withKnownAgents(sending, here.kind === 'agent' ? here.fields : {});
      if (known !== null) later.push({ comparison, tools: here.fields.tools });
      await createObject(sending, here, { ...here.fields, ...known });
    }
    if (action === 'change' && comparison.kind === 'changed') {
      const { here, there } = comparison;
      const fields = comparison.fields.filter(({ state }) => options.overwrite || state === 'mine');
      const changed = Object.fromEntries(fields.map(({ field }) => [field, here.fields[field]]));
      const known = withKnownAgents(sending, changed);
      if (known !== null) later.push({ comparison, tools: changed.tools });
      const { tools: _, ...others } = changed;
      const now = known === null ? changed : others;
      if (Object.keys(now).length > 0) await patchObject(sending, here, { there, fields: now });
    }
  }
  if (later.length === 0) return;
  // Agents that ask one another: all are there by now.
  const { objects } = await readServer(sending.client, sending.server.workspaceId);
  for (const { comparison, tools } of later) {
    if (comparison.kind !== 'only_here' && comparison.kind !== 'changed') continue;
    const there = objects.get(comparison.key);
    if (there !== undefined)
      await patchObject(sending, comparison.here, { there, fields: { tools } });
  }
}

/** `tools` without the agents that do not exist yet; null when all do. */
function withKnownAgents({ agentIds }: Sending, { tools }: Fields): Fields | null {
  if (!Array.isArray(tools)) return null;
  const known = tools.filter(
    (tool) => !String(tool).startsWith('agent:') || agentIds.has(String(tool).slice(6)),
  );
  return known.length === tools.length ? null : { tools: known };
}

function shownOf(comparison: Comparison, options: ApplyOptions): Shown {
  const { overwrite, prune } = options;
  switch (comparison.kind) {
    case 'same':
      return { comparison, action: 'none' };
    case 'only_here': {
      if (!comparison.wasThere || overwrite) return { comparison, action: 'create' };
      return { comparison, action: 'conflict', note: 'was deleted on the server' };
    }
    case 'only_there': {
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
