import type { SandboxFailure } from '../../core/sandbox.ts';

// Tools that lie about their result, leave before they have one, or give one that is none. What is expected
// of each: how it ends, or that it ends with the result that it gave.

export interface ResultAttempt {
  readonly name: string;
  readonly language: 'python' | 'javascript';
  readonly code: string;
  readonly ends: readonly ('ok' | SandboxFailure)[];
  readonly timeoutMs?: number;
}

const javascript = (name: string, body: string, ends: ResultAttempt['ends'] = ['threw']) =>
  ({ name, language: 'javascript', code: `async function main() { ${body} }`, ends }) as const;

const python = (name: string, body: string, ends: ResultAttempt['ends'] = ['threw']) =>
  ({
    name: `${name}, in Python`,
    language: 'python',
    code: `import os, sys\ndef main():\n${body.replace(/^/gm, '    ')}`,
    ends,
  }) as const;

const value = (name: string, source: string, ends: ResultAttempt['ends']) =>
  javascript(`result: ${name}`, `return { message: '', rawData: ${source} };`, ends);

const pythonValue = (name: string, source: string, ends: ResultAttempt['ends']) =>
  python(`result: ${name}`, `return {"message": "", "rawData": ${source}}`, ends);

const ok = ['ok'] as const;
const invalid = ['invalid_result'] as const;
const tooLarge = ['too_large'] as const;
const gone = ['killed', 'threw'] as const;

/** The nonce is in the runner's frame: code that looks finds it, and can say what it likes. */
const findNonce = `
def frames(kind, payload, length=None):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    size = len(payload) if length is None else length
    os.write(3, frame.f_locals["nonce"] + kind + b"%08x" % size + payload)
`.trim();

const forged = (name: string, call: string, ends: ResultAttempt['ends']) =>
  python(`forged: ${name}`, `${findNonce}\n${call}\nimport time\ntime.sleep(20)`, ends);

export const jailResults: readonly ResultAttempt[] = [
  forged('a result that is no JSON', 'frames(b"r", b"{nonsense")', invalid),
  forged('a result that is no object', 'frames(b"r", b"[1]")', invalid),
  forged('a result without a message', `frames(b"r", b'{"rawData": 1}')`, invalid),
  forged('a message that is none', `frames(b"r", b'{"message": {"toString": 1}}')`, invalid),
  forged('a result too deep for any parser', 'frames(b"r", b"[" * 1000000)', tooLarge),
  forged('a result over 1 MiB', `frames(b"r", b'{"message":"' + b"x" * 1100000 + b'"}')`, tooLarge),
  forged('a length over the limit', 'frames(b"r", b"", 0xFFFFFFF0)', invalid),
  forged('a frame of another kind', 'frames(b"x", b"")', invalid),
  forged('a second start', 'frames(b"s", b"")', invalid),
  forged('starts without end', 'while True: frames(b"s", b"")', invalid),
  forged(
    'a failure that is none',
    `frames(b"f", b'{"failure": "aborted", "error": "x"}')`,
    invalid,
  ),
  forged('a failure without words', `frames(b"f", b'{"failure": "threw", "error": {}}')`, invalid),
  forged('a prototype', `frames(b"r", b'{"message":"x","__proto__":{"polluted":1}}')`, ok),
  forged(
    'a constructor',
    `frames(b"r", b'{"message":"x","constructor":{"prototype":{"polluted":1}}}')`,
    ok,
  ),
  forged('bytes that are no UTF-8', `frames(b"r", b'{"message":"\\xff\\xfe"}')`, ok),
  python(
    'forged: another nonce',
    'os.write(3, b"0" * 32 + b"r00000010" + bytes(16))\nimport time\ntime.sleep(20)',
    invalid,
  ),
  python('exit: a signal of its own', 'os.kill(os.getpid(), 9)\nos.abort()', gone),
  python('exit: nothing to read', 'os.closerange(0, 256)\nreturn {"message": ""}', gone),
  python('exit: a wild pointer', 'import ctypes\nctypes.string_at(0)', gone),
  python('exit: no stack', 'import threading\nsys.setrecursionlimit(10**9)\nf = lambda: f()\nf()', [
    'killed',
    'threw',
    'memory',
  ]),
  javascript('exit: by a signal', `process.kill(process.pid, 'SIGKILL'); process.abort();`, gone),
  javascript('exit: by another way', 'process.reallyExit(0);', gone),
  javascript(
    'exit: nothing to read',
    `for (let fd = 0; fd < 256; fd++) try { require('fs').closeSync(fd); } catch {} return { message: '' };`,
    gone,
  ),
];

export const javascriptResults: readonly ResultAttempt[] = [
  javascript('exit: at once', '(globalThis.Deno ?? process).exit(0);', gone),
  javascript(
    'exit: later, before the result',
    'setTimeout(() => (globalThis.Deno ?? process).exit(0)); await new Promise((end) => setTimeout(end, 5000));',
    gone,
  ),
  javascript(
    'exit: a rejection of nobody',
    'Promise.reject(null); await new Promise((end) => setTimeout(end, 5000));',
  ),
  javascript('exit: never', 'await new Promise(() => {});'),
  {
    ...javascript(
      'exit: waiting for good',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
      ['timeout'],
    ),
    timeoutMs: 700,
  },
  {
    ...javascript('exit: a pattern without end', `/^(a+)+$/.test('a'.repeat(50) + 'b');`, [
      'timeout',
    ]),
    timeoutMs: 700,
  },
  {
    ...javascript(
      'exit: what is collected calls on',
      'new FinalizationRegistry(() => { for (;;); }).register({}, 0); for (;;) new Array(1000).fill({});',
      ['timeout', 'memory'],
    ),
    timeoutMs: 700,
  },
  javascript('thrown: null', 'throw null;'),
  javascript(
    'thrown: a proxy',
    `throw new Proxy(new Error('x'), { get() { throw new Error('inner'); } });`,
    ['threw', 'killed'],
  ),
  javascript(
    'thrown: an error whose stack throws',
    `throw Object.defineProperty(new Error('x'), 'stack', { get() { throw 1; } });`,
    ['threw', 'killed'],
  ),
  javascript(
    'thrown: its own cause',
    `const error = new Error('x'); error.cause = error; throw error;`,
  ),
  javascript('thrown: a megabyte', `throw new Error('x'.repeat(3e6));`),
  javascript(
    'pollution: Object',
    `Object.prototype.polluted = 1; Object.prototype.toJSON = () => 'x'; return { message: '' };`,
    ['threw', 'invalid_result'],
  ),
  javascript(
    'pollution: arrays',
    `Array.prototype.pop = () => undefined; Array.prototype.push = () => 0; return { message: 'x', rawData: [NaN] };`,
    ['ok', 'invalid_result'],
  ),
  javascript(
    'pollution: JSON',
    `JSON.stringify = () => '{"message":1}'; JSON.parse = () => 0; return { message: 'kept' };`,
    ok,
  ),
  javascript(
    'pollution: bytes',
    `TextEncoder.prototype.encode = () => new Uint8Array(9); return { message: 'kept' };`,
    ok,
  ),
  javascript(
    'pollution: a prototype in the result',
    `return JSON.parse('{"message":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');`,
    ok,
  ),
  value('in a circle', '(() => { const x = {}; x.x = x; return x; })()', tooLarge),
  value(
    'too deep',
    '(() => { let x = []; for (let n = 0; n < 1e5; n++) x = [x]; return x; })()',
    tooLarge,
  ),
  value('too large', `'x'.repeat(2e6)`, tooLarge),
  value('too many parts', 'Array.from({ length: 6e5 }, () => 1)', tooLarge),
  value('NaN', 'NaN', invalid),
  value('a BigInt', '2n ** 64n', invalid),
  value('a Map', 'new Map([[1, 2]])', invalid),
  value('a getter that throws', `({ get x() { throw new Error('no'); } })`, [
    'threw',
    'invalid_result',
  ]),
  value('a toJSON that throws', `({ toJSON() { throw new Error('no'); } })`, [
    'threw',
    'invalid_result',
  ]),
  value('a toJSON of a BigInt', '({ toJSON: () => 1n })', invalid),
  value(
    'a proxy without end',
    '(() => { const p = new Proxy({}, { ownKeys: () => ["x"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: (_, key) => (key === "toJSON" ? undefined : p) }); return p; })()',
    tooLarge,
  ),
  value(
    'a revoked proxy',
    '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()',
    ['threw', 'invalid_result'],
  ),
  value('bytes', 'new Uint8Array(10)', invalid),
  value('a Buffer', 'Buffer.alloc(10)', invalid),
  value('NUL and half a pair', `'\\0\\ud800'`, ok),
  javascript(
    'result: a message that is an object',
    `return { message: new String('x') };`,
    invalid,
  ),
  javascript(
    'result: a promise of a promise',
    `return { then(end) { end({ then(last) { last({ message: 'x' }); } }); } };`,
    ok,
  ),
  javascript('result: nothing', '', invalid),
];

export const pythonResults: readonly ResultAttempt[] = [
  // Under Deno, Pyodide asks Node's child_process for it, is refused, and does not survive that.
  python('fork: a shell', 'if os.system("true") != 0: raise OSError("no shell")', gone),
  python('exit: at once', 'os._exit(0)', gone),
  python('exit: SystemExit', 'raise SystemExit(0)'),
  python('exit: sys.exit', 'sys.exit("done")'),
  python('exit: an interrupt', 'raise KeyboardInterrupt'),
  python(
    'thrown: an error that cannot be shown',
    'class E(Exception):\n    def __str__(self): raise E()\nraise E()',
    ['threw', 'killed'],
  ),
  python(
    'pollution: json',
    'import json\njson.dumps = lambda *a, **k: \'{"message": 1}\'\nreturn {"message": "x"}',
    invalid,
  ),
  python(
    'pollution: builtins',
    'import builtins\nbuiltins.len = lambda x: 0\nreturn {"message": "x" * 1100000}',
    ['ok', 'too_large', 'invalid_result', 'killed'],
  ),
  pythonValue('in a circle', '(lambda x: x.append(x) or x)([])', tooLarge),
  pythonValue('NaN', 'float("nan")', invalid),
  pythonValue('bytes', 'b"x"', invalid),
  pythonValue('too large', '"x" * 2000000', tooLarge),
  pythonValue('a huge number', '10 ** 5000', invalid),
  pythonValue('NUL and half a pair', '"\\0\\ud800"', ok),
  pythonValue(
    'a dict that lies',
    'type("D", (dict,), {"items": lambda self: [(1, 2)] * 3})(a=1)',
    ok,
  ),
  python('result: nothing', 'return None', invalid),
];
