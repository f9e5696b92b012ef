import type { Attempts } from './run-attempts.ts';

// Tools that take all they can get, and say how much that was.

type Bombs = Attempts['tools'];

const count = (setUp: string, step: string) => `
def main():
    import os, threading, _thread, time
    ${setUp}
    taken = []
    try:
        for number in range(5000):
            ${step}
    except (OSError, RuntimeError) as error:
        return {"message": f"{number}, then {error}"}
    return {"message": "no end"}`;

/** Pages made read-only leave RLIMIT_DATA's count: what stops this one is RLIMIT_AS. */
const readOnlyPages = `
def main():
    import ctypes, mmap
    libc = ctypes.CDLL(None)
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    taken = []
    for number in range(64):
        pages = mmap.mmap(-1, 32 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        pages.write(b"x" * (32 << 20))
        libc.mprotect(ctypes.addressof(ctypes.c_char.from_buffer(pages)), 32 << 20, mmap.PROT_READ)
        taken.append(pages)
    return {"message": "2 GiB"}`;

const limits = `
def main():
    import resource
    for limit in (resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU):
        if resource.getrlimit(limit)[1] == resource.RLIM_INFINITY:
            return {"message": f"no limit {limit}"}
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return {"message": f"raised {limit}"}
        except (ValueError, PermissionError):
            pass
    return {"message": "held"}`;

const disk = `
def main():
    taken = 0
    try:
        for number in range(200):
            with open(f"/tmp/{number}", "wb") as file:
                file.write(bytes(1 << 20))
            taken += 1
    except OSError as error:
        return {"message": f"{taken} MiB, then {error}"}
    return {"message": "no end"}`;

const root = `
const fs = require('node:fs');
async function main() {
  const found = [];
  for (const at of ['/', '/usr', '/usr/bin', '/lib', '/signalbox', '/dev', '/etc']) {
    try {
      fs.writeFileSync(at + '/escaped', 'x');
      found.push(at + ' is writable');
    } catch (error) {
      if (!['EROFS', 'EACCES'].includes(error.code)) found.push(String(error));
    }
  }
  fs.writeFileSync('/tmp/kept', 'x');
  return { message: [...found, 'read-only', fs.readdirSync('/tmp') + ' in /tmp'].join(' ') };
}`;

/** Memory that V8's heap limit does not count. */
export const wasmBomb = `
async function main() {
  const taken = [];
  for (;;) {
    const memory = new WebAssembly.Memory({ initial: 1024 });
    new Uint8Array(memory.buffer).fill(1);
    taken.push(memory);
  }
}`;

/** Files take memory of the kernel's that no limit on bytes counts. */
const files = (make: string) => `
def main():
    import os
    taken = 0
    try:
        open("/tmp/first", "w").close()
        while True:
            ${make}
            taken += 1
    except OSError as error:
        return {"message": f"{taken} files, then {error}"}`;

const filesInJavascript = `
const fs = require('node:fs');
async function main() {
  let taken = 0;
  try {
    for (;; taken++) fs.closeSync(fs.openSync('/tmp/' + taken, 'w'));
  } catch (error) {
    return { message: taken + ' files, then ' + error };
  }
}`;

/** Descriptors that are sent and never taken count for nobody's limit but this one. */
const sentDescriptors = `
def main():
    import array, os, socket
    taken = []
    try:
        for number in range(100000):
            one, other = socket.socketpair()
            reading, writing = os.pipe()
            fds = array.array("i", [reading, writing, other.fileno()])
            one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
            os.close(reading), os.close(writing), other.close()
            taken.append(one)
    except OSError as error:
        return {"message": f"{number}, then {error}"}
    return {"message": "no end"}`;

const timers = `
def main():
    import ctypes, platform
    libc, made = ctypes.CDLL(None, use_errno=True), ctypes.c_int()
    create = 222 if platform.machine() == "x86_64" else 107
    for number in range(100000):
        if libc.syscall(ctypes.c_long(create), ctypes.c_long(1), None, ctypes.byref(made)) == -1:
            return {"message": f"{number}, then none"}
    return {"message": "no end"}`;

/** Goes on after its result: nothing of it may be left, or be seen. */
const stays = `
import threading, time
def main():
    def stay():
        while True:
            print("still here")
            time.sleep(0.001)
    threading.Thread(target=stay).start()
    return {"message": "returned"}`;

const staysInJavascript = `
const { Worker } = require('node:worker_threads');
async function main() {
  new Worker('for (;;);', { eval: true });
  setInterval(() => console.log('still here'), 1);
  return { message: 'returned' };
}`;

/** What native code can hide from RLIMIT_DATA, by the way to it that no flag closes. */
export const hiddenMemory = `
const { Worker } = require('node:worker_threads');
const code = \`
  const size = 33554432n;
  const libc = process.arch === 'x64' ? '/lib/x86_64-linux-gnu/libc.so.6' : '/lib/aarch64-linux-gnu/libc.so.6';
  const { functions } = require('node:ffi').dlopen(libc, {
    mmap: { return: 'pointer', arguments: ['pointer', 'u64', 'i32', 'i32', 'i32', 'i64'] },
    memset: { return: 'pointer', arguments: ['pointer', 'i32', 'u64'] },
    mprotect: { return: 'i32', arguments: ['pointer', 'u64', 'i32'] },
  });
  const { parentPort } = require('node:worker_threads');
  for (let taken = 0; taken < 256; taken++) {
    parentPort.postMessage(taken * 32);
    const at = functions.mmap(0n, size, 3, 0x22, -1, 0n);
    if (at > 0x7fffffffffffn) break;
    functions.memset(at, 1, size);
    functions.mprotect(at, size, 1);
  }\`;
async function main() {
  let taken = 'nothing';
  const flags = ['--experimental-ffi', '--no-warnings'];
  const worker = new Worker(code, { eval: true, execArgv: flags });
  await new Promise((end) => {
    worker.on('message', (mebibytes) => void (taken = mebibytes));
    worker.on('error', end);
    worker.on('exit', end);
  });
  return { message: taken + ' MiB' };
}`;

const flood = {
  python: 'def main():\n    while True: print("x" * 100000)',
  javascript: 'async function main() { for (;;) console.log("x".repeat(100000)); }',
} as const;

const sharedBuffers = `
async function main() {
  const taken = [];
  for (;;) {
    const shared = new SharedArrayBuffer(1 << 24);
    new Uint8Array(shared).fill(1);
    taken.push(shared);
  }
}`;

const workers = `
const { Worker } = require('node:worker_threads');
async function main() {
  const failed = Array.from({ length: 400 }, () =>
    new Promise((end) => new Worker('setInterval(() => {}, 1000)', { eval: true }).once('error', end)));
  await Promise.race(failed);
  return { message: 'refused' };
}`;

/** Of what only a whole machine has: each of these is ended, or told that there is no more. */
export const javascriptBombs: Bombs = [
  { name: 'wasm', language: 'javascript', code: wasmBomb },
  { name: 'flood', language: 'javascript', code: flood.javascript },
  { name: 'sharedBuffers', language: 'javascript', code: sharedBuffers },
];

export const jailBombs: Bombs = [
  { name: 'disk', language: 'python', code: disk },
  {
    name: 'threads',
    language: 'python',
    code: count(
      '_thread.stack_size(65536)',
      'threading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
    ),
  },
  { name: 'descriptors', language: 'python', code: count('', 'taken.append(os.pipe())') },
  { name: 'readOnlyPages', language: 'python', code: readOnlyPages },
  { name: 'limits', language: 'python', code: limits },
  { name: 'root', language: 'javascript', code: root },
  { name: 'files', language: 'python', code: files('open(f"/tmp/{taken}", "w").close()') },
  {
    name: 'folders',
    language: 'python',
    code: files('os.mkdir("/tmp/d"); os.chdir("/tmp/d"); os.rename("/tmp/d", f"/tmp/{taken}")'),
  },
  { name: 'links', language: 'python', code: files('os.link("/tmp/first", f"/tmp/{taken}")') },
  { name: 'symlinks', language: 'python', code: files('os.symlink("x" * 4000, f"/tmp/{taken}")') },
  { name: 'filesInJavascript', language: 'javascript', code: filesInJavascript },
  { name: 'sentDescriptors', language: 'python', code: sentDescriptors },
  { name: 'timers', language: 'python', code: timers },
  { name: 'pythonFlood', language: 'python', code: flood.python },
  { name: 'stays', language: 'python', code: stays },
  { name: 'staysInJavascript', language: 'javascript', code: staysInJavascript, memoryMb: 256 },
  { name: 'hiddenInJavascript', language: 'javascript', code: hiddenMemory },
  { name: 'workers', language: 'javascript', code: workers },
  ...javascriptBombs,
];
