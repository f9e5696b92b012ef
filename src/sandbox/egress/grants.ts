import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { CallConnection, ConnectionWatch } from '../../core/sandbox.ts';
import type { HostPolicy } from './allowed-hosts.ts';
import { EgressFailed, EgressRefused, type Guard, type GuardedConnection } from './guard.ts';
import { readHost } from './host.ts';

// What one call may reach, and what it did reach. A grant lives as long as its call: when it ends, its
// credential means nothing any more and its connections are cut.

export const grantLimits = {
  /** At once. */
  open: 32,
  /** In all, refused ones included: every one of them is in the trace. */
  total: 256,
} as const;

/** One connection that a call asked for, while it lasts. */
export interface Passage {
  readonly upstream: GuardedConnection;
  /** Notes how much went through, and that no more will. Safe to repeat. */
  close(): void;
}

type ConnectionRecord = { -readonly [K in keyof CallConnection]: CallConnection[K] };

export class Grant implements Disposable {
  /** What the call shows to be let through: random, and as secret as what it may reach. */
  readonly credential = randomBytes(32).toString('base64url');
  readonly #policy: HostPolicy;
  readonly #ended = new AbortController();
  readonly #records: ConnectionRecord[] = [];
  readonly #watched = new Set<ConnectionRecord[]>();
  /** Those that are open, and what notes how much went through so far. */
  readonly #passages = new Map<Passage, () => void>();
  #opening = 0;

  readonly #onEnd: (grant: Grant) => void;
  readonly #stays: boolean;

  /** `stays`: it may ask for any number of connections, and the latest are on record. */
  constructor(policy: HostPolicy, onEnd: (grant: Grant) => void, stays = false) {
    this.#policy = policy;
    this.#stays = stays;
    this.#onEnd = onEnd;
  }

  /** All that was asked for so far, in order. */
  connections(): readonly CallConnection[] {
    return this.#shown(this.#records);
  }

  /** Those that are asked for from now on, up to as many as a call may ask for. */
  watch(): ConnectionWatch {
    const seen: ConnectionRecord[] = [];
    this.#watched.add(seen);
    return {
      connections: () => this.#shown(seen),
      [Symbol.dispose]: () => void this.#watched.delete(seen),
    };
  }

  /** Throws `EgressRefused`, `EgressFailed`, or an abort when the grant ends or the signal fires. */
  async open(guard: Guard, target: GrantTarget): Promise<Passage> {
    this.#ended.signal.throwIfAborted();
    if (this.#stays && this.#records.length >= grantLimits.total) this.#records.shift();
    if (this.#records.length >= grantLimits.total) {
      throw new EgressRefused(`The call has asked for ${grantLimits.total} connections already.`);
    }
    const host = shownHost(target.host);
    const record = { ...untouched, host, port: target.port };
    this.#records.push(record);
    for (const seen of this.#watched) if (seen.length < grantLimits.total) seen.push(record);
    this.#opening += 1;
    try {
      const upstream = await this.#connect(guard, target);
      Object.assign(record, { outcome: 'connected', reason: null, address: upstream.address });
      return this.#keep(upstream, record);
    } catch (error) {
      record.outcome = error instanceof EgressRefused ? 'refused' : 'failed';
      record.reason = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Cuts what the client still holds when the call ends. */
  cutWithCall(client: Duplex): void {
    const cut = () => client.destroy();
    this.#ended.signal.addEventListener('abort', cut, { once: true });
    client.once('close', () => this.#ended.signal.removeEventListener('abort', cut));
  }

  [Symbol.dispose](): void {
    this.#onEnd(this);
    this.#ended.abort(new EgressFailed('The call has ended.'));
    for (const passage of this.#passages.keys()) passage.close();
  }

  #shown(records: readonly ConnectionRecord[]): readonly CallConnection[] {
    for (const note of this.#passages.values()) note();
    return records.map((record) => ({ ...record }));
  }

  #connect(guard: Guard, { host, port, signal }: GrantTarget) {
    if (this.#passages.size + this.#opening > grantLimits.open) {
      throw new EgressRefused(`The call has ${grantLimits.open} connections open already.`);
    }
    const read = readHost(host);
    if (read === null) throw new EgressRefused(`"${shownHost(host)}" is not a host.`);
    if (read.kind === 'address' && this.#policy.takesAddresses !== true) {
      throw new EgressRefused(
        `${read.address} is an address: only hosts that are named are allowed.`,
      );
    }
    const name = read.kind === 'address' ? read.address : read.name;
    const ports = this.#policy.portsAt(name);
    if (ports.length === 0) throw new EgressRefused(this.#policy.refusal(name));
    const ended = this.#ended.signal;
    const until = signal === undefined ? ended : AbortSignal.any([ended, signal]);
    return guard.connect({ host: name, port, ports, signal: until });
  }

  #keep(
    upstream: GuardedConnection,
    record: { sentBytes: number; receivedBytes: number },
  ): Passage {
    const { socket } = upstream;
    const note = () => {
      record.sentBytes = socket.bytesWritten;
      record.receivedBytes = socket.bytesRead;
    };
    const passage: Passage = {
      upstream,
      close: () => {
        if (!this.#passages.delete(passage)) return;
        note();
        socket.destroy();
      },
    };
    this.#passages.set(passage, note);
    socket.on('error', () => passage.close());
    socket.once('close', () => passage.close());
    return passage;
  }
}

interface GrantTarget {
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal;
}

const untouched: Omit<CallConnection, 'host' | 'port'> = {
  outcome: 'failed',
  reason: 'The call ended first.',
  address: null,
  sentBytes: 0,
  receivedBytes: 0,
};

function shownHost(host: string): string {
  return host.replace(/[^\x21-\x7e]/g, '?').slice(0, 255);
}
