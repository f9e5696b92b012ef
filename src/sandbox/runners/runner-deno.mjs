// The runner of JavaScript tools under Deno, which has no permission but, with a network, to ask the egress
// proxy.

import { createRequire } from 'node:module';
import process from 'node:process';
import { end, hideIdentity, read, redirectPrints, write } from './deno-channel.mjs';
import { createFetch } from './egress-deno.mjs';
import { exportMain, serve, wrapScript } from './run-main.mjs';

// biome-ignore lint/security/noGlobalEval: running the tool's source is what this program is for.
const runSource = globalThis.eval;
hideIdentity(process);
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
  const require = createRequire('file:///tool.js');
  const module = { exports: {} };
  if (form === 'module') {
    Object.assign(globalThis, { require, module, exports: module.exports });
    const blob = new Blob([exportMain(source)], { type: 'text/javascript' });
    const loaded = await import(URL.createObjectURL(blob));
    return loaded.__signalboxMain;
  }
  return runSource(`${wrapScript(source)}\n//# sourceURL=tool.js`)(require, module, module.exports);
}
