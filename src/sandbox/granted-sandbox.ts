import {
  type CallConnection,
  type CallFile,
  type Sandbox,
  type SandboxCall,
  type SandboxOutcome,
  SandboxUnavailable,
  type ServedProcess,
  type ServerOrder,
} from '../core/sandbox.ts';
import type { Grant } from './egress/grants.ts';
import type { Egress } from './egress/proxy.ts';
import { egressInJail } from './jail/egress-files.ts';
import type { PreparedServer } from './jail/stdio-servers.ts';
import { limits } from './limits.ts';
import { createMask, type Mask } from './mask.ts';
import type { PreparedCall, RunnerNetwork } from './prepared-call.ts';

// What a call is given beyond its code, and taken back: the way to the hosts it may reach, and its secrets,
// which are masked in everything that comes back. The same for every backend.

/** The backend with grants. Without `egress`, calls that name hosts are refused. It owns the backend only. */
export function withGrants(
  sandbox: Omit<Sandbox, 'run' | 'serve'> & {
    run(call: PreparedCall): Promise<SandboxOutcome>;
    serve?(order: PreparedServer): Promise<ServedProcess>;
  },
  egress: Egress | null,
): Sandbox {
  const start = (order: PreparedServer) => {
    if (sandbox.serve === undefined) throw new SandboxUnavailable('Nothing stays here.');
    return sandbox.serve(order);
  };
  return {
    backend: sandbox.backend,
    ...(sandbox.remarks && { remarks: sandbox.remarks }),
    runtimes: () => sandbox.runtimes().map((runtime) => ({ ...runtime, network: egress !== null })),
    check: (language, code) => sandbox.check(language, code),
    installPackages: (language) => sandbox.installPackages(language),
    run: async (call) => {
      const { network = [], secrets = {} } = call;
      if (network.length === 0) return maskOutcome(await sandbox.run(call), createMask(secrets));
      if (egress === null) {
        throw new SandboxUnavailable('Tools cannot reach any host: there is no egress proxy here.');
      }
      using grant = egress.grant(network);
      const mask = createMask({ ...secrets, 'of the egress proxy': grant.credential });
      const outcome = await sandbox.run(await prepare(call, sandbox.backend, { egress, grant }));
      grant[Symbol.dispose]();
      return maskOutcome(withConnections(outcome, grant.connections()), mask);
    },
    ...(sandbox.serve === undefined
      ? {}
      : { serve: (order) => serveWithGrant((given) => start(given), order, egress) }),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

/** A program that stays holds its grant as long as it lives. */
async function serveWithGrant(
  start: (order: PreparedServer) => Promise<ServedProcess>,
  order: ServerOrder,
  egress: Egress | null,
): Promise<ServedProcess> {
  const { network = [] } = order;
  if (network.length === 0) return await start(order);
  if (egress === null) {
    throw new SandboxUnavailable('Programs cannot reach any host: there is no egress proxy here.');
  }
  const grant = egress.grantToStay(network);
  try {
    const proxy = await proxyOf('jail', { egress, grant });
    const served = await start({ ...order, proxy });
    void served.closed.then(() => grant[Symbol.dispose]());
    return { ...served, watchConnections: () => grant.watch() };
  } catch (error) {
    grant[Symbol.dispose]();
    throw error;
  }
}

async function prepare(
  call: SandboxCall,
  backend: Sandbox['backend'],
  given: { readonly egress: Egress; readonly grant: Grant },
): Promise<PreparedCall> {
  return { ...call, proxy: await proxyOf(backend, given) };
}

async function proxyOf(
  backend: Sandbox['backend'],
  { egress, grant }: { readonly egress: Egress; readonly grant: Grant },
): Promise<RunnerNetwork> {
  return {
    credential: grant.credential,
    hasOwnCertificates: egress.hasOwnCertificates,
    ...(backend === 'jail'
      ? { ...egressInJail, port: null }
      : { socketPath: null, certificatesPath: null, port: await egress.listenOnLoopback() }),
  };
}

/** A client often hides why it was refused: a failed call says so itself. */
function withConnections(
  outcome: SandboxOutcome,
  connections: readonly CallConnection[],
): SandboxOutcome {
  if (outcome.ok) return { ...outcome, connections };
  const reasons = connections.map(({ outcome: how, reason }) =>
    how === 'refused' ? reason : null,
  );
  const told = [...new Set(reasons)].filter((reason) => reason !== null).slice(0, 3);
  const refused = told
    .map((reason) => `\nThe egress proxy refused a connection: ${reason}`)
    .join('');
  return { ...outcome, error: outcome.error + refused, connections };
}

function maskOutcome(outcome: SandboxOutcome, mask: Mask): SandboxOutcome {
  const { connections } = outcome;
  const common = {
    ...outcome,
    logs: outcome.logs === null ? null : mask.text(outcome.logs, cutOfLogs(outcome.logs)),
    ...(connections === undefined
      ? {}
      : { connections: connections.map((one) => maskConnection(one, mask)) }),
  };
  if (!common.ok) {
    // Our own words may follow.
    const cutAt = common.error.length > limits.maxErrorChars ? limits.maxErrorChars : null;
    return { ...common, error: mask.text(common.error, cutAt) };
  }
  return {
    ...common,
    message: mask.text(common.message),
    resultJson: mask.json(common.resultJson),
    ...(common.files === undefined
      ? {}
      : { files: common.files.map((file) => maskFile(file, mask)) }),
  };
}

function maskFile(file: CallFile, mask: Mask): CallFile {
  return { ...file, name: mask.text(file.name), bytes: mask.bytes(file.bytes) };
}

function maskConnection(connection: CallConnection, mask: Mask): CallConnection {
  const { host, reason } = connection;
  return { ...connection, host: mask.text(host), reason: reason && mask.text(reason) };
}

/** Where the logs end and our note of what is missing begins. */
function cutOfLogs(logs: string): number | null {
  const note = /\n… [0-9]+ more bytes were printed and not kept\.$/.exec(logs);
  return note === null ? null : note.index;
}
