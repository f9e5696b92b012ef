// `npm run format`: formats, sorts imports and applies the linter's safe fixes.
import { launch } from '../bin/launch.js';
import { tool } from './pinned-env.js';
import { prepare, root } from './setup.js';

process.chdir(root);
await prepare();
await launch(tool('biome', ['check', '--write']));
