// `npm run chaos`: kills, freezes and cuts for minutes, under the pinned Node. Arguments: --seed, --minutes, --runs.
import { join } from 'node:path';
import { launch } from '../bin/launch.js';
import { underPinnedNode } from './pinned-env.js';
import { prepare, root } from './setup.js';

process.chdir(root);
await prepare();
await launch(underPinnedNode([join('test', 'chaos', 'main.ts'), ...process.argv.slice(2)]));
