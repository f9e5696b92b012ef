// `npm run proof`: the long proofs (crashes, races), under the pinned Node. Arguments name some of them.
import { join } from 'node:path';
import { launch } from '../bin/launch.js';
import { underPinnedNode } from './pinned-env.js';
import { prepare, root } from './setup.js';

process.chdir(root);
await prepare();
await launch(underPinnedNode([join('test', 'proof', 'main.ts'), ...process.argv.slice(2)]));
