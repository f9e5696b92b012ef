// The runner of JavaScript tools in the jail, on Node. Requests and frames pass on descriptor 3.

import { closeSync, readSync, writeSync } from 'node:fs';
import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module';
import { Writable } from 'node:stream';
import vm from 'node:vm';
import workerThreads from 'node:worker_threads';
import { openNetwork } from './egress.mjs';
import { exportMain, rehearse, serve, wrapScript } from './run-main.mjs';

const channel = 3;
const toolUrl = 'file:///tmp/tool.mjs';
const end = process.reallyExit.bind(process);
// Node's own way out takes longer, and after the answer nothing is left to be done.
const die = process.kill.bind(process, process.pid, 'SIGKILL');

for (const name of Object.keys(process.env)) delete process.env[name];
process.argv.splice(1);
process.execArgv.length = 0;
redirectPrints();
keepWorkersSmall();

const toolInTraces = /(file:\/\/\/tmp\/)?tool\.m?js/;
await rehearse(load);
await serve({ read, write, load, onStray, endPrints, openNetwork, toolInTraces });
die();

function onStray(listener) {
  const stop = (error) => {
    listener(error);
    end(1);
  };
  process.on('uncaughtException', stop);
  process.on('beforeExit', () =>
    stop(new Error('main never finished: it waits for something that can no longer happen.')),
  );
}

/**
 * One stream for both, so that prints keep their order, and one that has written when it returns: Node's
 * own would keep what the server has not read yet in memory. The VM's last words still use descriptor 2.
 */
function redirectPrints() {
  const prints = new Writable({
    write: (chunk, _encoding, done) => {
      writeAll(1, chunk);
      done();
    },
  });
  Object.assign(prints, { fd: 1, isTTY: false });
  for (const name of ['stdout', 'stderr']) {
    Object.defineProperty(process, name, { value: prints, configurable: true });
  }
  globalThis.console = new console.Console(prints, prints);
}

/** The server waits for it before it passes the answer on; taking the process down takes longer. */
function endPrints() {
  closeSync(1);
  closeSync(2);
}

/** By itself each Worker reserves half a gigabyte for code, which the memory limit counts. */
function keepWorkersSmall() {
  const { Worker } = workerThreads;
  workerThreads.Worker = class extends Worker {
    constructor(file, options = {}) {
      const resourceLimits = { codeRangeSizeMb: 16, ...options.resourceLimits };
      super(file, { ...options, resourceLimits });
    }
  };
  syncBuiltinESMExports();
}

function read(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const count = retry(() => readSync(channel, bytes, at, size - at, null));
    if (count === 0) end(71);
    at += count;
  }
  return bytes;
}

function write(bytes) {
  writeAll(channel, bytes);
}

function writeAll(fd, bytes) {
  for (let at = 0; at < bytes.length; ) {
    at += retry(() => writeSync(fd, bytes, at, bytes.length - at));
  }
}

function retry(operation) {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (error.code !== 'EAGAIN' && error.code !== 'EINTR') throw error;
    }
  }
}

async function load(source, form) {
  const require = createRequire(toolUrl);
  if (form === 'module') {
    // Free names in a module: those that scripts expect of Node.
    Object.assign(globalThis, { require, module: { exports: {} } });
    globalThis.exports = globalThis.module.exports;
    const loaded = await importSource(exportMain(source));
    return loaded.__signalboxMain;
  }
  const module = { exports: {} };
  const script = new vm.Script(wrapScript(source), {
    filename: 'tool.js',
    columnOffset: -wrapScript('').indexOf('{') - 1,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return script.runInThisContext()(require, module, module.exports);
}

async function importSource(source) {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === toolUrl
        ? { url: toolUrl, format: 'module', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === toolUrl ? { source, format: 'module', shortCircuit: true } : next(url, context),
  });
  try {
    return await import(toolUrl);
  } finally {
    hooks.deregister();
  }
}
