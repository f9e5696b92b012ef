import type { ToolLanguage } from '../core/custom-tool.ts';

// What a call of `run_skill_script` runs in the sandbox: it lays the skill's files out, runs the script in
// them as a program of its own would be run, and gives back what it printed and how it ended.

const python = `import base64, contextlib, io, os, runpy, sys, traceback

ROOT = "/tmp/skill"
MAX = 64 * 1024


def main(files, script, args, stdin, **_):
    for each in files:
        path = os.path.join(ROOT, each["path"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as target:
            target.write(base64.b64decode(each["content"]))
    os.chdir(ROOT)
    path = os.path.join(ROOT, script)
    sys.argv = [path, *args]
    sys.path.insert(0, os.path.dirname(path))
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True) for _ in "oe")
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                code = int(end.code or 0)
            else:
                print(end.code, file=sys.stderr)
                code = 1
        except BaseException:
            traceback.print_exc()
            code = 1
    return answer(code, printed(out), printed(err))


def printed(stream):
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8", "replace")


def answer(code, stdout, stderr):
    cut = len(stdout) > MAX or len(stderr) > MAX
    return {
        "message": f"The script ended with exit code {code}." + (" Its output was cut." if cut else ""),
        "rawData": {"exit_code": code, "stdout": stdout[:MAX], "stderr": stderr[:MAX]},
    }
`;

const javascript = `import { Console } from 'node:console';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const root = '/tmp/skill';
const max = 64 * 1024;

export async function main({ files, script, args, stdin }) {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), Buffer.from(content, 'base64'));
  }
  process.chdir(root);
  const path = join(root, script);
  process.argv.splice(0, process.argv.length, 'node', path, ...args);
  const out = collect('stdout');
  const err = collect('stderr');
  globalThis.console = new Console(process.stdout, process.stderr);
  Object.defineProperty(process, 'stdin', { value: Readable.from([stdin]), configurable: true });
  const ended = Promise.withResolvers();
  const stop = Symbol('exit');
  process.exit = (code = process.exitCode ?? 0) => {
    ended.resolve(Number(code));
    throw stop;
  };
  const failed = (error) => {
    if (error !== stop) {
      process.stderr.write((error?.stack ?? String(error)) + '\\n');
      ended.resolve(1);
    }
  };
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', failed);
  process.removeAllListeners('beforeExit');
  process.on('beforeExit', () => ended.resolve(Number(process.exitCode ?? 0)));
  import(pathToFileURL(path).href).catch(failed);
  const code = await ended.promise;
  const stdout = out.join('');
  const stderr = err.join('');
  const cut = stdout.length > max || stderr.length > max;
  return {
    message: 'The script ended with exit code ' + code + '.' + (cut ? ' Its output was cut.' : ''),
    rawData: { exit_code: code, stdout: stdout.slice(0, max), stderr: stderr.slice(0, max) },
  };
}

function collect(name) {
  const printed = [];
  const value = new Writable({
    decodeStrings: false,
    write: (chunk, encoding, done) => {
      printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      done();
    },
  });
  Object.defineProperty(process, name, { value, configurable: true });
  return printed;
}
`;

export const scriptRunners: Readonly<Record<ToolLanguage, string>> = { python, javascript };
