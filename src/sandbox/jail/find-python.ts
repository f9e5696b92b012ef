import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findPrograms } from '../find-program.ts';

export interface Python {
  readonly executable: string;
  readonly version: string;
  /** Directories of the standard library, pure and native. */
  readonly library: readonly string[];
  readonly modules: readonly string[];
}

const inspection = `
import json, os, sys, sysconfig
executable = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
print(json.dumps({
  "executable": executable,
  "version": "%d.%d.%d" % sys.version_info[:3],
  "isUsable": sys.version_info >= (3, 10) and sys.maxsize > 2**32,
  "library": sorted({os.path.realpath(sysconfig.get_path(name, vars={"base": sys.base_prefix,
    "platbase": sys.base_exec_prefix, "installed_base": sys.base_prefix,
    "installed_platbase": sys.base_exec_prefix})) for name in ("stdlib", "platstdlib")}),
  "modules": sorted(name for name in sys.stdlib_module_names if not name.startswith("_")),
}))
`;

/** Python 3.10 or later on this machine, the system's own first. */
export async function findPythons(): Promise<readonly Python[]> {
  const candidates = ['/usr/bin/python3', ...findPrograms('python3')];
  const found: Python[] = [];
  for (const path of new Set(candidates)) {
    const python = await inspect(path);
    const isNew = found.every(({ executable }) => executable !== python?.executable);
    if (python !== null && isNew) found.push(python);
  }
  return found;
}

async function inspect(path: string): Promise<Python | null> {
  try {
    // A version manager's shim needs PATH and HOME to find its Python.
    const { PATH, HOME } = process.env;
    const { stdout } = await promisify(execFile)(path, ['-I', '-S', '-c', inspection], {
      env: { PATH, HOME },
      timeout: 10_000,
    });
    const { isUsable, ...python } = JSON.parse(stdout) as Python & { isUsable: boolean };
    return isUsable ? python : null;
  } catch {
    return null;
  }
}
