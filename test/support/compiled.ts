import { join } from 'node:path';
import { repositoryRoot } from './source-tree.ts';

/** For the environment of processes that tests start from the source: Node compiles it once, not in each of them. */
export const compiledOnce = { NODE_COMPILE_CACHE: join(repositoryRoot, '.cache', 'compiled') };
