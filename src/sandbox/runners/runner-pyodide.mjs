// The runner of Python tools under Deno: CPython in WebAssembly (Pyodide), with runner.py inside it.
// Arguments: Pyodide's folder, which is all that this process can read, and runner.py's text.
//
// Python reaches JavaScript in one line, whatever is hidden from it here: the boundary is the process.

import process from 'node:process';
import { end, hideIdentity, printBytes, read, redirectPrints, write } from './deno-channel.mjs';

const [folder, runnerFile] = Deno.args;
const { loadPyodide } = await import(`file://${folder}/pyodide.mjs`);
const runner = await Deno.readTextFile(runnerFile);
hideIdentity(process);
redirectPrints(process);

const python = await loadPyodide({ indexURL: `${folder}/`, env: {}, jsglobals: {} });
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
scope.set('host_read', (size) => read(size));
scope.set('host_write', (bytes) => write(bytes));
await python.runPythonAsync(
  `
def take_hold():
    from pyodide.ffi import run_sync, to_js
    reading, writing = globals().pop("host_read"), globals().pop("host_write")
    prepare_prints()
    return lambda size: reading(size).to_bytes(), lambda data: writing(to_js(data)), run_sync

import os
os.environ.clear()
os.chdir("/tmp")
serve(*take_hold())
`,
  { globals: scope, filename: 'runner.py' },
);
end(0);
