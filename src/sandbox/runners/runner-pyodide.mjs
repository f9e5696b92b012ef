// The runner of Python tools under Deno: CPython in WebAssembly (Pyodide), with runner.py inside it.
// Arguments: Pyodide's folder, runner.py, what to do, and egress_pyodide.py; folder and files are all that this
// process can read. To do is: `run` one call, or make the `snapshot` of a started interpreter that later calls
// start from (a tenth of the processor time). On the channel the snapshot comes first, with its length; zero
// means none.
//
// Python reaches JavaScript in one line, whatever is hidden from it here: the boundary is the process.

import process from 'node:process';
import { end, hideIdentity, printBytes, read, redirectPrints, write } from './deno-channel.mjs';
import { createFetch } from './egress-deno.mjs';

const [folder, runnerFile, task, egressFile] = Deno.args;
const { loadPyodide } = await import(`file://${folder}/pyodide.mjs`);
const runner = await Deno.readTextFile(runnerFile);
const options = { indexURL: `${folder}/`, env: {} };
// What runner.py needs itself, and what almost every tool imports.
const imports = 'import asyncio, datetime, json, linecache, os, re, sys, traceback, types';

hideIdentity(process);
redirectPrints(process);
if (task === 'snapshot') await makeSnapshot();
else await run();
end(0);

async function makeSnapshot() {
  const python = await loadPyodide({ ...options, _makeSnapshot: true });
  python.runPython(imports);
  write(python.makeMemorySnapshot());
}

async function run() {
  const size = Number.parseInt(new TextDecoder().decode(read(8)), 16);
  const snapshot = size === 0 ? {} : { _loadSnapshot: read(size) };
  const python = await loadPyodide({ ...options, ...snapshot });
  const print = {
    write: (bytes) => {
      printBytes(bytes);
      return bytes.length;
    },
  };
  python.setStdout(print);
  python.setStderr(print);
  python.setStdin({ stdin: () => null });
  const scope = python.toPy({});
  python.runPython(runner, { globals: scope, filename: 'runner.py' });
  scope.set('host_read', (length) => read(length));
  scope.set('host_write', (bytes) => write(bytes));
  scope.set('host_open_network', (port, credential) => {
    globalThis.fetch = createFetch({ port, credential });
    return Deno.readTextFileSync(egressFile);
  });
  await python.runPythonAsync(
    `
def take_hold():
    from pyodide.ffi import run_sync, to_js
    reading, writing = globals().pop("host_read"), globals().pop("host_write")
    opening = globals().pop("host_open_network")

    def open_network(network):
        egress = {}
        exec(opening(network["port"], network["credential"]), egress)
        egress["open_network"](run_sync)

    return lambda size: reading(size).to_bytes(), lambda data: writing(to_js(data)), run_sync, open_network

def start_afresh():
    """A snapshot's random numbers would be the same in every call."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    os.environ.clear()
    os.chdir("/tmp")
    prepare_prints()

start_afresh()
serve(*take_hold())
`,
    { globals: scope, filename: 'runner.py' },
  );
}
