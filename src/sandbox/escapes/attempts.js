// A tool that tries to leave the sandbox. Run outside of one, it is the control: there it succeeds.

const fs = require('node:fs');
const net = require('node:net');

// biome-ignore lint/correctness/noUnusedVariables: the runner calls it.
async function main(world) {
  const attempts = {
    read_file: () => fs.readFileSync(world.secret_file, 'utf8'),
    read_accounts: () => fs.readFileSync('/etc/passwd', 'utf8'),
    read_environment: () => {
      const value = process.env[world.secret_variable];
      if (value === undefined) throw new Error('not set');
      return value;
    },
    see_processes: () => fs.statSync(`/proc/${world.pid}`).uid,
    signal_process: () => process.kill(world.pid, 0),
    write_outside: () => fs.writeFileSync(`${world.outside}/escaped`, 'x'),
    connect_tcp: () => connected(net.connect(world.port, '127.0.0.1')),
    connect_unix: () => connected(net.connect(world.socket_path)),
    fetch: async () => {
      const answer = await fetch(`http://127.0.0.1:${world.port}/`);
      const text = await answer.text();
      if (text !== 'reached') throw new Error(text);
      return text;
    },
    start_program: () => {
      const { error, status } = require('node:child_process').spawnSync(process.execPath, ['-v']);
      if (error) throw error;
      return status;
    },
    open_inspector: () => {
      const inspector = require('node:inspector');
      inspector.open(0);
      const url = inspector.url();
      if (url === undefined) throw new Error('no inspector');
      inspector.close();
      return url;
    },
    import_file: () => import(`${world.outside}/module.mjs`).then((module) => module.default),
    load_native: () => {
      // Both outcomes are errors; only where loading is possible is the file itself at fault.
      try {
        process.dlopen({ exports: {} }, world.secret_file);
      } catch (error) {
        if (!/invalid ELF|too short|not a mach-o/i.test(error.message)) throw error;
        return error.message;
      }
    },
    ...(globalThis.Deno ? denoAttempts(world) : {}),
  };
  const rawData = {};
  for (const [name, attempt] of Object.entries(attempts)) rawData[name] = await outcome(attempt);
  return { message: 'tried', rawData };
}

function denoAttempts(world) {
  return {
    deno_read: () => Deno.readTextFileSync(world.secret_file),
    deno_environment: () => JSON.stringify(Deno.env.toObject()),
    deno_program: () => new Deno.Command('/bin/true').outputSync().code,
    deno_network: () => Deno.connect({ hostname: '127.0.0.1', port: world.port }),
    deno_listen: () => Deno.listen({ port: 0 }),
    deno_native: () => Deno.dlopen(world.secret_file, {}),
    deno_more_permission: async () => {
      const status = await Deno.permissions.request({ name: 'read' });
      if (status.state !== 'granted') throw new Error(status.state);
    },
    deno_worker: () => {
      const path = JSON.stringify(world.secret_file);
      const code = `
        try { postMessage(Deno.readTextFileSync(${path})); } catch (error) { postMessage(error); }`;
      const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, {
        type: 'module',
      });
      return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (typeof data === 'string' ? resolve(data) : reject(data));
        worker.onerror = ({ message }) => reject(message);
      }).finally(() => worker.terminate());
    },
    deno_remote_import: () => import(`http://127.0.0.1:${world.port}/module.js`),
  };
}

function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket.destroy()));
    socket.once('error', reject);
  });
}

async function outcome(attempt) {
  try {
    return `escaped: ${await attempt()}`.slice(0, 200);
  } catch (error) {
    return `held: ${error}`.slice(0, 200);
  }
}
