// A tool that tries to leave the sandbox. Run outside of one, it is the control: there its attempts succeed.
// Each is named `class: what`. published.js goes behind it.

const fs = require('node:fs');
const net = require('node:net');

// biome-ignore lint/correctness/noUnusedVariables: the runner calls it.
async function main(world) {
  const attempts = {
    ...files(world),
    ...processes(world),
    ...sockets(world),
    ...programs(world),
    ...nativeCode(world),
    ...published(world),
    ...(globalThis.Deno ? denoAttempts(world) : nodeAttempts(world)),
  };
  const rawData = {};
  for (const [name, attempt] of Object.entries(attempts)) rawData[name] = await outcome(attempt);
  return { message: 'tried', rawData };
}

function files(world) {
  const read = (path) => () => fs.readFileSync(path, 'utf8').slice(0, 50);
  const linked = (link, name) => () => {
    const path = `${fs.existsSync(world.outside) ? world.outside : '/tmp'}/${process.pid}-${name}`;
    link(world.secret_file, path);
    try {
      return fs.readFileSync(path, 'utf8');
    } finally {
      fs.unlinkSync(path);
    }
  };
  return {
    'host files: a secret': read(world.secret_file),
    'host files: a secret by a way up': read(`${'../'.repeat(30)}${world.secret_file}`),
    'host files: a secret by URL': () =>
      fs.readFileSync(new URL(`file://${world.secret_file}`), 'utf8'),
    'host files: accounts': read('/etc/passwd'),
    'host files: devices': read('/sys/class/net/lo/address'),
    'host files: a module': () =>
      import(`${world.outside}/module.mjs`).then((module) => module.default),
    'host files: by require': () => require(`${world.outside}/module.cjs`),
    'host files: by a loader of its own': () =>
      require('node:module').createRequire(`file://${world.outside}/x.js`)('./module.cjs'),
    'host files: a stream': async () => {
      for await (const chunk of fs.createReadStream(world.secret_file)) return String(chunk);
    },
    'host files: by a Worker': () =>
      fromWorker(`require('fs').readFileSync(${JSON.stringify(world.secret_file)}, 'utf8')`),
    'host files: by fetch': async () => {
      const { getBuiltinModule } = process;
      const blob = await getBuiltinModule('node:fs').openAsBlob(world.secret_file);
      return await blob.text();
    },
    'host files: by WASI': async () => {
      const { WASI } = require('node:wasi');
      const wasi = new WASI({ version: 'preview1', preopens: { '/': world.outside } });
      return Object.keys(wasi.wasiImport).length;
    },
    'symlinks: soft': linked(fs.symlinkSync, 'soft'),
    'symlinks: hard': linked(fs.linkSync, 'hard'),
    'symlinks: through the own root': read(`/proc/self/root${world.secret_file}`),
    'writing outside: the test’s folder': () => fs.writeFileSync(`${world.outside}/escaped`, 'x'),
    'writing outside: a folder': () => fs.mkdtempSync(`${world.outside}/made-`),
    'writing outside: shared memory': () => fs.writeFileSync('/dev/shm/signalbox-escaped', 'x'),
    'writing outside: a heap snapshot': () =>
      require('node:v8').writeHeapSnapshot(`${world.outside}/heap`).length,
    'writing outside: a report': () => {
      process.report.writeReport(`${world.outside}/report`);
      return fs.statSync(`${world.outside}/report`).size;
    },
    'writing outside: a database': () => {
      const { DatabaseSync } = require('node:sqlite');
      return new DatabaseSync(`${world.outside}/database`).exec('PRAGMA user_version = 1');
    },
  };
}

function processes(world) {
  const read = (path) => () => fs.readFileSync(path, 'utf8').slice(0, 50);
  return {
    'environment: a variable': () => {
      const value = process.env[world.secret_variable];
      if (value === undefined) throw new Error('not set');
      return value;
    },
    'environment: a variable, by a Worker': () =>
      fromWorker(`process.env[${JSON.stringify(world.secret_variable)}].length`),
    'environment: own first memory': read('/proc/self/environ'),
    'environment: a report': () => {
      const { environmentVariables } = process.report.getReport();
      if (!(world.secret_variable in environmentVariables)) throw new Error('not in it');
    },
    'processes: the server': () => fs.statSync(`/proc/${world.pid}`).uid,
    'processes: the server’s command': read(`/proc/${world.pid}/cmdline`),
    'processes: own memory': read('/proc/self/maps'),
    'processes: priority': () => require('node:os').getPriority(world.pid),
    'signals: none': () => process.kill(world.pid, 0),
    'signals: debug': () =>
      process._debugProcess.call(process, world.pid, process.kill(world.pid, 0)),
    '/proc/self/exe: read': () => fs.openSync('/proc/self/exe'),
    '/proc/self/exe: follow': () => fs.readlinkSync('/proc/self/exe'),
    'identity: of files': () => fs.chownSync(world.secret_file, -1, -1),
  };
}

function sockets(world) {
  return {
    'sockets: tcp': () => connected(net.connect(world.port, '127.0.0.1')),
    'sockets: unix': () => connected(net.connect(world.socket_path)),
    'sockets: abstract': () => connected(net.connect(`\0${world.abstract_name}`)),
    'sockets: fetch': async () => {
      const answer = await fetch(`http://127.0.0.1:${world.port}/`);
      const text = await answer.text();
      if (text !== 'reached') throw new Error(text);
      return text;
    },
    'sockets: http': () =>
      new Promise((resolve, reject) => {
        const request = require('node:http').get(`http://127.0.0.1:${world.port}/`, {
          agent: false,
        });
        request.once('response', ({ statusCode }) =>
          statusCode === 200 ? resolve(statusCode) : reject(new Error(String(statusCode))),
        );
        request.once('error', reject);
      }),
    'sockets: inspector': () => {
      const inspector = require('node:inspector');
      inspector.open(0);
      const url = inspector.url();
      if (url === undefined) throw new Error('no inspector');
      inspector.close();
      return url;
    },
    'dns: ask a name server': async () => {
      const resolver = new (require('node:dns').promises.Resolver)({ timeout: 1_000, tries: 1 });
      resolver.setServers([`127.0.0.1:${world.dns_port}`]);
      return await resolver.resolve4('evil.test');
    },
  };
}

/** Deno refuses these outside of the promise that they give, and ends the call. */
function nodeAttempts(world) {
  return {
    'sockets: datagrams': () =>
      new Promise((resolve, reject) => {
        const socket = require('node:dgram').createSocket('udp4');
        socket.once('error', reject);
        socket.send('x', world.port, '127.0.0.1', (error) => {
          socket.close();
          if (error) reject(error);
          else resolve('sent');
        });
      }),
  };
}

function programs() {
  const children = require('node:child_process');
  const node = process.execPath;
  const ended = (child) =>
    new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
  return {
    'fork: a program': () => {
      const { error, status } = children.spawnSync(node, ['-v']);
      if (error) throw error;
      return status;
    },
    'fork: a program, later': () => ended(children.spawn(node, ['-v'], { stdio: 'ignore' })),
    'fork: a shell': () => children.execSync('true').length,
    'fork: a child of the same kind': () =>
      ended(children.fork('/dev/null', { stdio: 'ignore', execPath: node })),
    'fork: a cluster': () => {
      const cluster = require('node:cluster');
      cluster.setupPrimary({ exec: '/dev/null', silent: true });
      return ended(cluster.fork());
    },
    'fork: by a binding': () => {
      const { spawn } = process.binding('spawn_sync');
      const { error, pid } = spawn({ file: node, args: [node, '-v'], stdio: [{ type: 'ignore' }] });
      if (error || !pid) throw new Error(`error ${error}`);
      return pid;
    },
    'daemons: detached': () => {
      const child = children.spawn(node, ['-v'], { detached: true, stdio: 'ignore' });
      child.unref();
      return ended(child);
    },
  };
}

function nativeCode(world) {
  const library = () => {
    const outside = fs.existsSync(world.outside) ? world.outside : '/tmp';
    const found = ['/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu', '/lib64', '/usr/lib']
      .map((directory) => `${directory}/libm.so.6`)
      .find(fs.existsSync);
    const copy = `${outside}/library.so`;
    fs.copyFileSync(found, copy);
    return copy;
  };
  /** Both outcomes are errors; only where it was mapped is the file itself at fault. */
  const mapped = (load) => {
    try {
      load();
    } catch (error) {
      if (!/self-register|entry point|undefined symbol|sqlite3_\w+_init/i.test(error.message))
        throw error;
      return error.message;
    }
  };
  return {
    'native code: an addon': () => mapped(() => process.dlopen({ exports: {} }, library())),
    'native code: of a database': () => {
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(':memory:', { allowExtension: true });
      return mapped(() => database.loadExtension(library()));
    },
    'native code: by a Worker': () =>
      fromWorker(`require('node:ffi').dlopen(${JSON.stringify(library())}, {}) && 'loaded'`, {
        execArgv: ['--experimental-ffi', '--no-warnings'],
      }),
    'native code: functions of the system': () => {
      const { functions } = require('node:ffi').dlopen('libc.so.6', {
        getppid: { return: 'i32', arguments: [] },
      });
      return functions.getppid();
    },
  };
}

function denoAttempts(world) {
  return {
    'deno: read': () => Deno.readTextFileSync(world.secret_file),
    'deno: read a folder': () => Array.from(Deno.readDirSync('/')).length,
    'deno: write': () => Deno.writeTextFileSync(`${world.outside}/escaped`, 'x'),
    'deno: write to /tmp': () => Deno.writeTextFileSync('/tmp/signalbox-escaped', 'x'),
    'deno: a temporary file': () => Deno.makeTempFileSync(),
    'deno: environment': () => JSON.stringify(Deno.env.toObject()),
    'deno: a program': () => new Deno.Command('/bin/true').outputSync().code,
    'deno: connect': () => Deno.connect({ hostname: '127.0.0.1', port: world.port }),
    'deno: connect to a socket': () => Deno.connect({ transport: 'unix', path: world.socket_path }),
    'deno: listen': () => Deno.listen({ port: 0 }),
    'deno: datagrams': () => Deno.listenDatagram({ port: 0, transport: 'udp' }),
    'deno: a name': () => Deno.resolveDns('evil.test', 'A'),
    'deno: a signal': () => Deno.kill(world.pid, 'SIGCONT'),
    'deno: native code': () => Deno.dlopen(world.secret_file, {}),
    'deno: the machine': () => Deno.hostname() + Deno.osRelease(),
    'deno: a change of place': () => Deno.chdir('/'),
    'deno: more permission': async () => {
      const status = await Deno.permissions.request({ name: 'read' });
      if (status.state !== 'granted') throw new Error(status.state);
    },
    'deno: a Worker': () =>
      fromModule(`Deno.readTextFileSync(${JSON.stringify(world.secret_file)})`),
    'deno: operations inside': () => {
      const { ops } = Deno[Deno.internal].core;
      const read = Object.keys(ops).find((name) => /^op_fs_read_file_text_sync$/.test(name));
      if (read === undefined) throw new Error('none that reads');
      return ops[read](world.secret_file);
    },
    'deno: a module from elsewhere': () => import(`http://127.0.0.1:${world.port}/module.js`),
    'deno: a module of npm': () => import('npm:left-pad'),
    'deno: a module of a file': () => import(`file://${world.outside}/module.mjs`),
  };
}

function fromModule(expression) {
  const code = `try { postMessage(${expression}); } catch (error) { postMessage({ error: String(error) }); }`;
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const worker = new Worker(url, { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      typeof data === 'string' ? resolve(data) : reject(data.error);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(event.message);
    };
  }).finally(() => worker.terminate());
}

function fromWorker(expression, options = {}) {
  const { Worker } = require('node:worker_threads');
  const code = `require('worker_threads').parentPort.postMessage(String(${expression}))`;
  const worker = new Worker(code, { eval: true, ...options });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('it ended')));
  }).finally(() => worker.terminate());
}

function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket.destroy()));
    socket.once('error', reject);
  });
}

async function outcome(attempt) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, 2_000, new Error('nothing came of it'));
  });
  try {
    return `escaped: ${await Promise.race([attempt(), late])}`.slice(0, 200);
  } catch (error) {
    return `held: ${error}`.slice(0, 200);
  } finally {
    clearTimeout(timer);
  }
}
