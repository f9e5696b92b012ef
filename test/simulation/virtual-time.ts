import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { seededRandom } from '../support/seeded-random.ts';

// Time of the simulation: one queue of events, played in the order of their virtual times. Code that runs
// inside a simulated process finds its timers, its clocks and its random bytes here; everybody else finds
// the real ones. What a process does between two events is one step that nothing interleaves with.

/** Whose event it is: a dead process's are dropped, a frozen one's wait until it thaws. */
export interface Host {
  readonly name: string;
  alive: boolean;
  /** Virtual ms; events that are due before wait, and then come in any order. */
  frozenUntilMs: number;
  /** How far its wall clock is off, ms. */
  clockOffsetMs: number;
  /** Its timers and its network take this many times as long. */
  slowness: number;
}

export function hostNamed(name: string): Host {
  return { name, alive: true, frozenUntilMs: 0, clockOffsetMs: 0, slowness: 1 };
}

interface Event {
  atMs: number;
  readonly order: number;
  readonly host: Host;
  readonly work: () => void;
  cancelled: boolean;
}

export interface Scheduled {
  cancel(): void;
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  clearImmediate: globalThis.clearImmediate,
  Date: globalThis.Date,
  performanceNow: performance.now.bind(performance),
  abortTimeout: AbortSignal.timeout.bind(AbortSignal),
  sleep: timersPromises.setTimeout,
  randomBytes: crypto.randomBytes,
};

const startOfTimeMs = Date.UTC(2030, 0, 1);
const current = new AsyncLocalStorage<{ readonly time: VirtualTime; readonly host: Host }>();

export class VirtualTime {
  readonly random: () => number;
  /** For ids: what they are must not change what is drawn next. */
  readonly idRandom: () => number;
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #count = 0;

  constructor(random: () => number) {
    this.random = random;
    this.idRandom = seededRandom(Math.floor(random() * 2 ** 32));
  }

  /** Virtual ms since the beginning: the monotonic clock of everybody. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** The database's wall clock, which is right. */
  date(): Date {
    return new real.Date(startOfTimeMs + this.#nowMs);
  }

  after(delayMs: number, host: Host, work: () => void): Scheduled {
    const event = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#count++,
      host,
      work,
      cancelled: false,
    };
    push(this.#heap, event);
    return {
      cancel: () => {
        event.cancelled = true;
      },
    };
  }

  /** Does the work as the host, now. */
  as<T>(host: Host, work: () => T): T {
    return current.run({ time: this, host }, work);
  }

  /** Plays events until the condition holds, or until the virtual time. True: the condition held. */
  async playUntil(done: () => boolean, untilMs: number): Promise<boolean> {
    for (;;) {
      if (done()) return true;
      const event = pop(this.#heap);
      if (event === undefined) return false;
      if (event.cancelled || !event.host.alive) continue;
      if (event.atMs > untilMs) {
        push(this.#heap, event);
        this.#nowMs = untilMs;
        return false;
      }
      this.#nowMs = Math.max(this.#nowMs, event.atMs);
      if (event.host.frozenUntilMs > this.#nowMs) {
        // After a freeze a late timer and a late answer are ready at once: which is first is chance.
        event.atMs = event.host.frozenUntilMs + this.random();
        push(this.#heap, event);
        continue;
      }
      this.as(event.host, event.work);
      await new Promise<void>((resolve) => real.setImmediate(resolve));
    }
  }
}

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(event, heap[parent] as Event)) break;
    heap[at] = heap[parent] as Event;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event))
      child++;
    if (!isBefore(heap[child] as Event, last)) break;
    heap[at] = heap[child] as Event;
    at = child;
  }
  heap[at] = last;
  return first;
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Puts the virtual timers, clocks and random bytes in place; what it returns takes them out again. */
export function installVirtualTime(): Disposable {
  const inside = () => current.getStore();
  const timer = (repeat: boolean) => (work: () => void, ms?: number) => {
    const store = inside();
    if (store === undefined) return (repeat ? real.setInterval : real.setTimeout)(work, ms);
    return virtualTimer(store, { work, ms: ms ?? 0, repeat });
  };
  const clear = (stop: (handle: never) => void) => (handle: unknown) => {
    if (handle instanceof VirtualTimer) handle.stop();
    else stop(handle as never);
  };
  /** After what is due at this moment already. */
  const immediate = (work: () => void) => {
    const store = inside();
    if (store === undefined) return real.setImmediate(work);
    const timer = new VirtualTimer();
    timer.scheduled = store.time.after(0, store.host, work);
    return timer;
  };
  const wallMs = () => {
    const store = inside();
    if (store === undefined) return real.Date.now();
    return Math.floor(startOfTimeMs + store.time.nowMs + store.host.clockOffsetMs);
  };
  class VirtualDate extends real.Date {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(wallMs());
      else super(...given);
    }
    static override now(): number {
      return wallMs();
    }
  }
  Object.assign(globalThis, {
    setTimeout: timer(false),
    setInterval: timer(true),
    clearTimeout: clear(real.clearTimeout),
    clearInterval: clear(real.clearInterval),
    setImmediate: immediate,
    clearImmediate: clear(real.clearImmediate),
    Date: VirtualDate,
  });
  performance.now = () => inside()?.time.nowMs ?? real.performanceNow();
  AbortSignal.timeout = (ms) => {
    const store = inside();
    if (store === undefined) return real.abortTimeout(ms);
    const abort = new AbortController();
    const expire = () => abort.abort(new DOMException('The time is over.', 'TimeoutError'));
    store.time.after(ms, store.host, expire);
    return abort.signal;
  };
  timersPromises.setTimeout = ((
    ms?: number,
    value?: unknown,
    options?: { signal?: AbortSignal },
  ) => {
    const store = inside();
    if (store === undefined) return real.sleep(ms, value, options);
    return virtualSleep(store, ms ?? 0, value, options?.signal);
  }) as typeof timersPromises.setTimeout;
  crypto.randomBytes = ((size: number) => {
    const store = inside();
    if (store === undefined) return real.randomBytes(size);
    return Buffer.from(Array.from({ length: size }, () => Math.floor(store.time.idRandom() * 256)));
  }) as typeof crypto.randomBytes;
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      const { setTimeout, setInterval, clearTimeout, clearInterval } = real;
      const { setImmediate, clearImmediate } = real;
      Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
      Object.assign(globalThis, { setImmediate, clearImmediate });
      Object.assign(globalThis, { Date: real.Date });
      performance.now = real.performanceNow;
      AbortSignal.timeout = real.abortTimeout;
      timersPromises.setTimeout = real.sleep;
      crypto.randomBytes = real.randomBytes;
      syncBuiltinESMExports();
    },
  };
}

interface Inside {
  readonly time: VirtualTime;
  readonly host: Host;
}

class VirtualTimer {
  scheduled: Scheduled | null = null;
  stop(): void {
    this.scheduled?.cancel();
    this.scheduled = null;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  [Symbol.dispose](): void {
    this.stop();
  }
}

function virtualTimer(
  { time, host }: Inside,
  given: { readonly work: () => void; readonly ms: number; readonly repeat: boolean },
): VirtualTimer {
  const timer = new VirtualTimer();
  const arm = () => {
    const delayMs = given.ms * host.slowness + time.random();
    timer.scheduled = time.after(delayMs, host, () => {
      if (given.repeat) arm();
      given.work();
    });
  };
  arm();
  return timer;
}

function virtualSleep(
  { time, host }: Inside,
  ms: number,
  value: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const scheduled = time.after(ms * host.slowness + time.random(), host, () => resolve(value));
    signal?.addEventListener('abort', () => {
      scheduled.cancel();
      reject(signal.reason);
    });
  });
}
