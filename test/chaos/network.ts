import { execFileSync } from 'node:child_process';

// Machines as far as the network goes: each name is a network namespace with an address of its own and a cable to
// one switch, where this process is too. Linux, and root, since only root may make them.

/** Null, or why there can be no such network here. */
export function whyNoNetwork(): string | null {
  const name = `sb${process.pid}t`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'delete', name);
    return null;
  } catch {
    return 'network namespaces need root on Linux, and `ip` of iproute2';
  }
}

export class Network implements Disposable {
  /** Of this process. */
  readonly address: string;
  readonly #prefix = `sb${process.pid}`;
  readonly #subnet = `10.${200 + ((process.pid >> 8) % 50)}.${process.pid & 255}`;
  readonly #names: readonly string[];
  readonly #remove = () => this[Symbol.dispose]();

  /** At most nine names. */
  constructor(names: readonly string[]) {
    const why = whyNoNetwork();
    if (why !== null) throw new Error(`There is no network for this: ${why}.`);
    this.#names = names;
    this.address = `${this.#subnet}.1`;
    // A process that ends in any way but SIGKILL leaves none of it behind.
    process.once('exit', this.#remove);
    const bridge = this.#bridge;
    ip('link', 'add', 'name', bridge, 'type', 'bridge');
    ip('address', 'add', `${this.address}/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    for (const name of names) this.#connect(name);
  }

  /** What a command is put behind, to run there; the process keeps its id. */
  within(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', this.#space(name)];
  }

  addressOf(name: string): string {
    return `${this.#subnet}.${2 + this.#names.indexOf(name)}`;
  }

  /** From now on nothing reaches it, and nothing comes from it; nobody is told. */
  unplug(name: string): void {
    ip('link', 'set', this.#cable(name), 'down');
  }

  plug(name: string): void {
    ip('link', 'set', this.#cable(name), 'up');
  }

  get #bridge(): string {
    return `${this.#prefix}b`;
  }

  #space(name: string): string {
    return `${this.#prefix}n${this.#names.indexOf(name)}`;
  }

  /** Its end at the switch. */
  #cable(name: string): string {
    return `${this.#prefix}c${this.#names.indexOf(name)}`;
  }

  #connect(name: string): void {
    const [space, cable] = [this.#space(name), this.#cable(name)];
    ip('netns', 'add', space);
    ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    ip('link', 'set', cable, 'master', this.#bridge);
    ip('link', 'set', cable, 'up');
    ip('-n', space, 'address', 'add', `${this.addressOf(name)}/24`, 'dev', 'eth0');
    ip('-n', space, 'link', 'set', 'lo', 'up');
    ip('-n', space, 'link', 'set', 'eth0', 'up');
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    for (const name of this.#names) {
      quietly(() => ip('link', 'delete', this.#cable(name)));
      quietly(() => ip('netns', 'delete', this.#space(name)));
    }
    quietly(() => ip('link', 'delete', this.#bridge));
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** What was not made is not there to be removed. */
function quietly(remove: () => void): void {
  try {
    remove();
  } catch {}
}
