// How the scripts run the project's tools: by the pinned Node, which is `node` for their children too.
import { dirname, join } from 'node:path';
import { pinnedNode } from '../bin/pinned-node.js';
import { root } from './setup.js';

/** Command and environment that run `node <args>` under the pinned Node. */
export function underPinnedNode(args) {
  const program = pinnedNode(root);
  const env = { ...process.env, PATH: `${dirname(program)}:${process.env.PATH ?? ''}` };
  if (process.env.CI || !process.stdout.isTTY) env.NO_COLOR = '1';
  return { program, args, env };
}

/** The same for a tool that a package in node_modules brings. */
export function tool(name, args) {
  return underPinnedNode([join(root, 'node_modules', '.bin', name), ...args]);
}

/** TypeScript itself: the generator's older one brings a `tsc` too, and npm links either of them. */
export function typescript(args) {
  return underPinnedNode([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ...args]);
}
