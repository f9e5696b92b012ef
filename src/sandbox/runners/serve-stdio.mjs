// Runs a program that stays in the jail, on Node: it becomes the program. What it is told of it comes on
// descriptor 3, so that no value of it stands in a command line.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { openNetwork } from './egress.mjs';

const { main, args, env, network } = JSON.parse(readFileSync(3, 'utf8'));

for (const name of Object.keys(process.env)) delete process.env[name];
Object.assign(process.env, env);
process.execArgv.length = 0;
process.argv.splice(1, process.argv.length, main, ...args);
if (network !== null) await openNetwork(network);
process.chdir('/server');
await import(pathToFileURL(main).href);
