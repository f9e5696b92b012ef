// `npm test`: set-up, then Vitest under the pinned Node. Arguments go to Vitest.
import { launch } from '../bin/launch.js';
import { tool } from './pinned-env.js';
import { prepare, root } from './setup.js';

process.chdir(root);
await prepare();
await launch(tool('vitest', ['run', ...process.argv.slice(2)]));
