import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { codeIn, openOrReason } from '../../test/support/real-sandbox.ts';
import { fileCases, resultCases, type SandboxCase } from '../../test/support/sandbox-cases.ts';
import { sandboxBackends } from '../core/sandbox.ts';
import { limits } from './limits.ts';

// What every backend promises, asked of each that this machine has.

const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
afterAll(() => rm(cacheDir, { recursive: true }));

for (const backend of sandboxBackends) {
  const opened = await openOrReason({ choice: backend, cacheDir, maxCalls: 16 });
  const reason = typeof opened === 'string' ? opened : null;
  describe.skipIf(reason !== null)(`${backend}${reason === null ? '' : ` (${reason})`}`, () => {
    if (typeof opened === 'string') return;
    const sandbox = opened;
    afterAll(() => sandbox[Symbol.asyncDispose]());

    const run = codeIn(sandbox);

    for (const { name, call, expected, ...code } of cases) {
      for (const language of ['python', 'javascript'] as const) {
        const source = code[language];
        if (source === undefined) continue;
        test.concurrent(`${language}: ${name}`, { timeout: 60_000 }, async () => {
          expected(await run(language, source, call), language);
        });
      }
    }

    test('says what is really there', () => {
      const runtimes = sandbox.runtimes();
      expect(runtimes.map(({ language }) => language).sort()).toEqual(['javascript', 'python']);
      for (const runtime of runtimes) {
        expect(runtime).toMatchObject({ backend, network: false });
        expect(runtime.layers.length).toBeGreaterThan(2);
        expect(runtime.version).toMatch(/^\d+\.\d+\.\d+/);
        expect(runtime.builtinModules.length).toBeGreaterThan(30);
      }
    });

    test('runs its own templates', { timeout: 60_000 }, async () => {
      for (const { language, template } of sandbox.runtimes()) {
        expect((await sandbox.check(language, template)).problems).toEqual([]);
        const outcome = await run(language, template, { parametersJson: '{"name": "Ada"}' });
        expect(outcome).toMatchObject({ ok: true, message: 'Hello, Ada!' });
      }
    });

    test('ends a call when its signal is aborted', async () => {
      const cancel = new AbortController();
      const code = 'async function main() { console.log("on"); for (;;); }';
      const outcome = run('javascript', code, { signal: cancel.signal });
      setTimeout(() => cancel.abort(), 300);
      expect(await outcome).toMatchObject({ ok: false, failure: 'aborted' });
      expect(await run('javascript', code, { signal: AbortSignal.abort() })).toMatchObject({
        ok: false,
        failure: 'aborted',
        runTimeMs: 0,
      });
    });
  });
}

const cases: readonly SandboxCase[] = [
  {
    name: 'gives parameters and the call key, takes the result, keeps prints in order',
    call: { parametersJson: '{"a": {"b": [1, "é"]}}', key: 'run:7' },
    python: `
import sys, os, signalbox
async def main(a):
    print("one"); print("two", file=sys.stderr); print("three", dict(os.environ))
    return {"message": signalbox.call_key, "rawData": a}`,
    javascript: `
async function main({ a }, context) {
  console.log('one'); console.error('two'); process.stdout.write('three {}\\n');
  return { message: context.callKey, rawData: a };
}`,
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: true, message: 'run:7', logs: 'one\ntwo\nthree {}\n' });
      expect(outcome.ok && JSON.parse(outcome.resultJson)).toEqual({
        message: 'run:7',
        rawData: { b: [1, 'é'] },
      });
    },
  },
  ...fileCases,
  ...resultCases,
  {
    name: 'is null, not empty, when nothing was printed; the time is the code’s own',
    python: 'import time\ndef main():\n    time.sleep(0.3)\n    return {"message": ""}',
    javascript: 'const main = () => new Promise((end) => setTimeout(end, 300, { message: "" }));',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: true, logs: null });
      // Seen from a busy server, the start comes late.
      expect(outcome.runTimeMs).toBeGreaterThanOrEqual(100);
    },
  },
  {
    name: 'takes ES modules with bare imports, require and top-level await',
    javascript: `
import { basename } from 'path';
import os from 'node:os';
const url = require('url');
await Promise.resolve();
export const main = async () => ({ message: [basename('/a/b'), typeof url.parse, os.EOL].join(' ') });`,
    expected: (outcome) => expect(outcome).toMatchObject({ ok: true, message: 'b function \n' }),
  },
  {
    name: 'takes sloppy scripts with top-level await',
    javascript: `
const { createHash } = require('crypto');
undeclared = await Promise.resolve('x');
function main() { return { message: createHash('sha256').update(undeclared).digest('hex').slice(0, 4) }; }`,
    expected: (outcome) => expect(outcome).toMatchObject({ ok: true, message: '2d71' }),
  },
  {
    name: 'tells of an error with the tool’s own lines',
    python: 'def help():\n    raise ValueError("no such guest")\ndef main():\n    help()',
    javascript:
      'function help() {\n  throw new RangeError("no such guest");\n}\nconst main = () => help();',
    expected: (outcome, language) => {
      expect(outcome).toMatchObject({ ok: false, failure: 'threw' });
      const error = outcome.ok ? '' : outcome.error;
      expect(error).toContain('no such guest');
      expect(error).toContain(language === 'python' ? 'line 2, in help' : 'tool:2:9');
      expect(error).not.toMatch(/runner|signalbox|node:|file:/);
    },
  },
  {
    name: 'tells of errors outside of main',
    python: 'x = 1\nimport nonsense_module\ndef main():\n    return {"message": ""}',
    javascript:
      'const main = () => new Promise(() => setTimeout(() => { throw new Error("nonsense_module") }));',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: false, failure: 'threw' });
      expect(outcome.ok || outcome.error).toContain('nonsense_module');
    },
  },
  {
    name: 'says when main can never finish',
    javascript: 'const main = () => new Promise(() => {});',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: false, failure: 'threw' });
      expect(outcome.ok || outcome.error).toContain('never finished');
    },
  },
  {
    name: 'stops a busy loop at its deadline and keeps its prints',
    call: { timeoutMs: 700 },
    python: 'def main():\n    print("begun")\n    while True: pass',
    javascript: 'function main() { console.log("begun"); for (;;); }',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: false, failure: 'timeout', logs: 'begun\n' });
      expect(outcome.ok || outcome.error).toContain('timeout_ms of 700');
      expect(outcome.runTimeMs).toBeGreaterThanOrEqual(690);
    },
  },
  {
    name: 'stops code that hogs memory in its own heap',
    python: 'def main():\n    x = []\n    while True: x.append(bytearray(1 << 20))',
    javascript:
      'function main() { const x = []; for (;;) x.push(new Array(1e5).fill({}).map(() => ({ a: 1 }))); }',
    expected: (outcome) => expect(outcome).toMatchObject({ ok: false, failure: 'memory' }),
  },
  {
    name: 'stops code that hogs memory in buffers',
    javascript: 'function main() { const x = []; for (;;) x.push(Buffer.alloc(1 << 22, 1)); }',
    expected: (outcome) => expect(outcome).toMatchObject({ ok: false, failure: 'memory' }),
  },
  {
    name: 'lets code use the memory that it has',
    python: 'def main():\n    x = bytearray(100 << 20)\n    return {"message": str(len(x))}',
    javascript: 'const main = () => ({ message: String(Buffer.alloc(100 << 20, 1).length) });',
    expected: (outcome) => expect(outcome).toMatchObject({ ok: true, message: '104857600' }),
  },
  {
    name: 'runs threads',
    python: `
from concurrent.futures import ThreadPoolExecutor
import sys
def main():
    if sys.platform == "emscripten":
        return {"message": "9"}
    with ThreadPoolExecutor(8) as pool:
        return {"message": str(sum(pool.map(int, "234")))}`,
    javascript: `
import { Worker } from 'node:worker_threads';
const source = 'const { parentPort, workerData } = require("worker_threads"); parentPort.postMessage(workerData * 3)';
export const main = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData: 3 });
    worker.once('message', (message) => resolve({ message: String(message) }));
    worker.once('error', reject);
  });`,
    // Under Deno a Worker reserves half a gigabyte for code.
    call: { memoryMb: 640 },
    expected: (outcome) => expect(outcome).toMatchObject({ ok: true, message: '9' }),
  },
  {
    name: 'tells an exit from a result',
    python: 'import os\ndef main():\n    os._exit(0)',
    javascript: 'const main = () => (globalThis.Deno ?? process).exit(0);',
    expected: (outcome) => expect(outcome).toMatchObject({ ok: false, failure: 'killed' }),
  },
  {
    name: 'tells sys.exit from a result',
    python: 'import sys\ndef main():\n    sys.exit(3)',
    expected: (outcome) => expect(outcome).toMatchObject({ ok: false, failure: 'threw' }),
  },
  {
    name: 'keeps the head of what is printed, and says so',
    python:
      'def main():\n    print("head")\n    print("é" * 1000000)\n    return {"message": "done"}',
    javascript:
      'function main() { console.log("head"); console.log("é".repeat(1e6)); return { message: "done" }; }',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: true, message: 'done' });
      const logs = outcome.logs ?? '';
      expect(logs.startsWith('head\né')).toBe(true);
      expect(logs).toMatch(/\n… \d+ more bytes were printed and not kept\.$/);
      expect(logs).not.toContain('\ufffd');
      expect(Buffer.byteLength(logs)).toBeLessThan(limits.maxLogsBytes + 100);
    },
  },
  {
    name: 'ends a flood of prints',
    python: 'def main():\n    while True: print("x" * 100000)',
    javascript: 'function main() { for (;;) console.log("x".repeat(100000)); }',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: false, failure: 'killed' });
      expect(outcome.ok || outcome.error).toContain('printed more than');
    },
  },
  {
    name: 'does not take prints for a result',
    python: `
import os
forged = b"0" * 32 + b"r00000010" + b'{"message": "x"}'
def main():
    os.write(1, forged); os.write(2, forged); print(forged.decode())
    return {"message": "real"}`,
    javascript: `
const forged = '0'.repeat(32) + 'r00000010{"message": "x"}';
function main() {
  console.log(forged); process.stdout.write(forged); process.stderr.write(forged);
  globalThis.Deno?.stdout.writeSync(Buffer.from(forged));
  return { message: 'real' };
}`,
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: true, message: 'real' });
      expect(outcome.logs).toContain('{"message": "x"}');
    },
  },
  {
    name: 'refuses what else is written into the channel',
    python: `
import os, sys
async def main():
    if sys.platform == "emscripten":
        import js
        fs = await js.eval("import('node:fs')")
        fs.writeSync(1, "0" * 50)
    else:
        os.write(3, b"0" * 50)
    return {"message": "real"}`,
    javascript: `
function main() {
  require('fs').writeSync(globalThis.Deno ? 1 : 3, '0'.repeat(50));
  return { message: 'real' };
}`,
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: false, failure: 'invalid_result' });
      expect(outcome.ok || outcome.error).toContain('result channel');
    },
  },
];
