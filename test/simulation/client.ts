import type {
  Database,
  DedicatedConnection,
  Queryable,
  Statement,
} from '../../src/store/connect.ts';
import type { SimServer } from './server.ts';
import type { SimSession } from './session.ts';
import { SqlError } from './tables.ts';
import type { Host } from './virtual-time.ts';

// A process's way to the simulated server: a network that takes its time, loses requests on their way
// there and answers on their way back, and delivers some requests long after their client gave them up.

/** What befalls one request. */
export type Fate = 'arrives' | 'lost' | 'answer_lost' | 'late' | 'transient';

export interface Network {
  /** Drawn for each request while faults are on. */
  readonly fate: (host: Host) => Fate;
  /** No request or answer of this host gets through. */
  readonly isCut: (host: Host) => boolean;
}

type Outcome = { readonly rows: readonly object[]; readonly count: number };

/** The database as one process sees it. */
export function simDatabase(given: {
  readonly server: SimServer;
  readonly host: Host;
  readonly network: Network;
}): Database {
  const { server } = given;
  const asked = new Map<string, string>();
  const oneOff = (statement: Statement | string) => {
    const sent = toStatement(statement);
    if (server.faults.anyUnitIsOurs) rememberUnits(sent, asked);
    return request(given, (session, reply, slowMs) => {
      session.run(sent, reply, slowMs);
    }).then((outcome) =>
      server.faults.anyUnitIsOurs ? claimUnits(sent, outcome, asked) : outcome,
    );
  };
  return {
    query: async <Row>(statement: Statement | string) => (await oneOff(statement)).rows as Row[],
    execute: async (statement) => (await oneOff(statement)).count,
    transaction: (work, options) => transact(given, work, options ?? {}),
    connect: () => dedicated(given),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface Line {
  readonly server: SimServer;
  readonly host: Host;
  readonly network: Network;
}

type Send = (
  session: SimSession,
  reply: { resolve: (outcome: Outcome) => void; reject: (error: Error) => void },
  slowMs: number,
) => void;

const reset = () => new SqlError('ECONNRESET', 'read ECONNRESET');
const refused = () => new SqlError('ECONNREFUSED', 'connect ECONNREFUSED');

/** One statement on a connection of the pool: a session that is new or as good as new. */
function request(line: Line, send: Send): Promise<Outcome> {
  return exchange(line, null, send);
}

/** Sends over the session, or over one of its own that ends with the answer. */
function exchange(line: Line, session: SimSession | null, send: Send): Promise<Outcome> {
  const { server, host, network } = line;
  const { time } = server;
  const fate = network.isCut(host) ? 'lost' : network.fate(host);
  const hop = () => (0.2 + time.random()) * host.slowness;
  return new Promise<Outcome>((resolve, reject) => {
    const back = (work: () => void) => time.after(hop(), host, () => settle(work));
    const giveUp = (error: Error, ms: number) => time.after(ms, host, () => reject(error));
    if (session !== null && !session.isOpen) return void giveUp(reset(), hop());
    if (!server.isUp) return void giveUp(refused(), hop());
    if (fate === 'transient') {
      session?.end();
      return void giveUp(new SqlError('40P01', 'deadlock detected'), 3 * hop());
    }
    if (fate === 'lost') {
      session?.end();
      return void giveUp(reset(), network.isCut(host) ? 1_000 * time.random() : hop());
    }
    const isHeard = fate === 'arrives';
    const lose = () => void giveUp(reset(), hop());
    const settle = (work: () => void) => {
      server.inTransit.delete(lose);
      work();
    };
    if (!isHeard) giveUp(reset(), 20 * time.random());
    // A late request reaches the server, or commits there, long after its client has been told of a lost connection.
    const lateMs = fate === 'late' ? 8_000 * time.random() ** 2 : 0;
    const beforeMs = time.random() < 0.5 ? lateMs : 0;
    time.after(hop() + beforeMs, server.host, () => {
      let isAnswered = false;
      let own: SimSession | null = null;
      const answer = (work: () => void) => {
        if (isAnswered) return;
        isAnswered = true;
        own?.end();
        if (isHeard && !network.isCut(host)) back(work);
        else if (isHeard) giveUp(reset(), 1_000 * time.random());
      };
      own = session === null ? server.open(() => answer(() => reject(reset()))) : null;
      const used = own ?? (session as SimSession);
      if (!used.isOpen) return answer(() => reject(reset()));
      used.onceEnded = () => answer(() => reject(reset()));
      send(
        used,
        {
          resolve: (outcome) => answer(() => resolve(outcome)),
          reject: (error) => answer(() => reject(error)),
        },
        lateMs - beforeMs,
      );
    });
    // The server's death takes requests that were on their way.
    if (isHeard) server.inTransit.add(lose);
  });
}

async function transact<T>(
  line: Line,
  work: (tx: Queryable) => Promise<T>,
  options: { readonly lockTimeoutMs?: number; readonly transactionTimeoutMs?: number },
): Promise<T> {
  const { server } = line;
  if (!server.isUp) throw refused();
  const session = server.open(() => {});
  sessionsOf(line.host).add(session);
  const via = (send: Send) => exchange(line, session, send);
  try {
    await via((used, reply) => {
      const { lockTimeoutMs = 0, transactionTimeoutMs = 60_000 } = options;
      used.begin({ lockTimeoutMs, timeoutMs: transactionTimeoutMs });
      reply.resolve({ rows: [], count: 0 });
    });
    const ask = (statement: Statement | string) =>
      via((used, reply) => used.run(toStatement(statement), reply));
    const result = await work({
      query: async <Row>(statement: Statement | string) => (await ask(statement)).rows as Row[],
      execute: async (statement) => (await ask(statement)).count,
    });
    await via((used, reply) => used.commit(reply));
    return result;
  } finally {
    sessionsOf(line.host).delete(session);
    session.end();
  }
}

async function dedicated(line: Line): Promise<DedicatedConnection> {
  const { server, host } = line;
  const { time } = server;
  const closed = Promise.withResolvers<Error | null>();
  if (!server.isUp) throw refused();
  const session = server.open(() => {
    time.after(time.random(), host, () => closed.resolve(reset()));
  });
  const ask = (statement: Statement | string) =>
    exchange(line, session, (used, reply) => used.run(toStatement(statement), reply));
  sessionsOf(host).add(session);
  return {
    query: async <Row>(statement: Statement | string) => (await ask(statement)).rows as Row[],
    execute: async (statement) => (await ask(statement)).count,
    announcedPid: 1,
    copyOut: noCopy,
    copyIn: noCopy,
    onNotification: () => {},
    closed: closed.promise,
    [Symbol.asyncDispose]: () => {
      closed.resolve(null);
      session.end();
      return Promise.resolve();
    },
  };
}

const dedicatedSessions = new WeakMap<Host, Set<SimSession>>();

/** The sessions outside the pool that the host has opened. */
export function sessionsOf(host: Host): Set<SimSession> {
  const sessions = dedicatedSessions.get(host) ?? new Set();
  dedicatedSessions.set(host, sessions);
  return sessions;
}

function toStatement(statement: Statement | string): Statement {
  return typeof statement === 'string' ? { text: statement } : statement;
}

function rememberUnits({ name, values }: Statement, asked: Map<string, string>): void {
  if (name !== 'journal-commit' && name !== 'journal-commit-leaving') return;
  const [runIds, , , unitIds, seqs] = values as [string[], unknown, unknown, string[], number[]];
  runIds.forEach((id, index) => {
    asked.set(`any ${id} ${seqs[index]}`, unitIds[index] as string);
  });
}

function claimUnits({ name }: Statement, outcome: Outcome, asked: Map<string, string>): Outcome {
  if (name !== 'journal-committed-earlier') return outcome;
  const rows = (outcome.rows as { unit_id: string }[]).map(({ unit_id }) => ({
    unit_id: asked.get(unit_id) ?? unit_id,
  }));
  return { ...outcome, rows };
}

function noCopy(): never {
  throw new Error('The simulation has no COPY.');
}
