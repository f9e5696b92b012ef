// The runner of JavaScript tools under Deno, which has no permission but to read the packages there are and,
// with a network, to ask the egress proxy. Argument: the folder of `node_modules`, or nothing.

import Module, { createRequire } from 'node:module';
import process from 'node:process';
import { end, hideIdentity, read, redirectPrints, write } from './deno-channel.mjs';
import { createFetch } from './egress-deno.mjs';
import { exportMain, serve, wrapScript } from './run-main.mjs';

// biome-ignore lint/security/noGlobalEval: running the tool's source is what this program is for.
const runSource = globalThis.eval;
const require = createRequire(`file://${Deno.args[0]}/tool.js`);

hideIdentity(process);
// Empty as everywhere; by itself Deno would refuse to say so.
Object.defineProperty(process, 'env', { value: {}, configurable: true, writable: true });
// Packages ask for it when they are loaded.
process.umask = () => 0o022;
preferCommonJs();
// Imports of packages come as calls of this (lead-imports.ts).
Object.defineProperty(globalThis, '__signalboxImport', { value: importPackage });
redirectPrints(process);
// Not awaited here: Deno would end the process, by itself and without a word, when `main` can never finish.
void serve({
  read,
  write,
  load,
  onStray,
  openNetwork: async (network) => {
    globalThis.fetch = createFetch(network);
  },
  toolInTraces: /tool\.js(, <anonymous>)?|blob:null\/[-\w]+/,
}).then(() => end(0));

function onStray(listener) {
  const stop = (error) => {
    listener(error);
    end(1);
  };
  globalThis.addEventListener('error', (event) => {
    event.preventDefault();
    stop(event.error);
  });
  globalThis.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    stop(event.reason);
  });
  globalThis.addEventListener('beforeunload', () =>
    stop(new Error('main never finished: it waits for something that can no longer happen.')),
  );
}

async function load(source, form) {
  const module = { exports: {} };
  if (form === 'module') {
    Object.assign(globalThis, { require, module, exports: module.exports });
    const blob = new Blob([exportMain(source)], { type: 'text/javascript' });
    const loaded = await import(URL.createObjectURL(blob));
    return loaded.__signalboxMain;
  }
  return runSource(`${wrapScript(source)}\n//# sourceURL=tool.js`)(require, module, module.exports);
}

/**
 * Some packages offer, to whoever can `require` a module, one that imports CommonJS: for that Deno would have
 * to take their folder for npm's. Their other file, the one beside it, says the same.
 */
function preferCommonJs() {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function resolveCommonJs(...given) {
    return resolve.apply(this, given).replace(/\/require\.mjs$/, '/index.js');
  };
}

/** What an `import` would bind: CommonJS packages are their own default. */
function importPackage(name) {
  const loaded = require(name);
  if (loaded?.[Symbol.toStringTag] === 'Module') return loaded;
  const byDefault = loaded?.__esModule && 'default' in loaded ? loaded.default : loaded;
  return { __proto__: null, ...loaded, default: byDefault };
}
