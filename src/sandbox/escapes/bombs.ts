import type { Attempts } from './run-attempts.ts';

// Tools that take all they can get, and say how much that was.

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

export const jailBombs: Attempts['tools'] = [
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
  { name: 'wasm', language: 'javascript', code: wasmBomb },
];

/** Python under Deno is asked for nothing itself: it goes for the JavaScript around it. */
export const pythonThroughJavascript = `
import js, json
from pyodide.ffi import to_js

async def main(secret_file, secret_variable, outside, port, socket_path, pid):
    sources = {
        "deno_read": "Deno.readTextFileSync(%s)" % json.dumps(secret_file),
        "deno_folder": "Array.from(Deno.readDirSync('/')).length",
        "deno_write": "Deno.writeTextFileSync(%s, 'x')" % json.dumps(outside + "/escaped"),
        "deno_environment": "JSON.stringify(Deno.env.toObject())",
        "deno_program": "new Deno.Command('/bin/true').outputSync().code",
        "deno_signal": "Deno.kill(%d, 'SIGCONT')" % pid,
        "deno_native": "Deno.dlopen(%s, {})" % json.dumps(secret_file),
        "deno_network": "Deno.connect({hostname: '127.0.0.1', port: %d})" % port,
        "fetch": "fetch('http://127.0.0.1:%d/')" % port,
        "import_file": "import(%s)" % json.dumps("file://" + outside + "/module.mjs"),
    }
    found = {}
    for name, source in sources.items():
        try:
            value = js.eval(source)
            if hasattr(value, "then"):
                value = await value
            found[name] = f"escaped: {value}"
        except Exception as error:
            found[name] = f"held: {error}"
    return {"message": "tried", "rawData": found}`;
