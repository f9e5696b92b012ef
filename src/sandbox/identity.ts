import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

// Who the code in a jail is, as the host sees it.
//
// As root, each process for a call has a uid of its own, far from any account's, and no user namespace:
// limits count per uid, and the host's root is exempt from them wherever it is mapped. As an ordinary
// user, the code is that user in a user namespace that cannot make further ones.

export type JailIdentity =
  | { readonly kind: 'root'; readonly firstUid: number }
  | { readonly kind: 'user' };

const maxSlots = 256;
// Above the ranges that container managers and systemd give out, below 2^31.
const uidsFrom = 1_900_000_000;

/** How jails are entered by this process. */
export function findIdentity(): JailIdentity {
  if (process.getuid?.() !== 0) return { kind: 'user' };
  const mappedUids = countMappedUids();
  // Two servers on one machine do not share uids.
  const serverOffset = (process.pid % 900_000) * maxSlots;
  if (mappedUids > uidsFrom + serverOffset + maxSlots) {
    return { kind: 'root', firstUid: uidsFrom + serverOffset };
  }
  // Root of a container: the top of what it has.
  return mappedUids > 60_000 + maxSlots
    ? { kind: 'root', firstUid: mappedUids - maxSlots - 2 }
    : { kind: 'user' };
}

/** How many uids, from 0 on, exist in this process's user namespace. */
function countMappedUids(): number {
  if (!existsSync('/proc/self/uid_map')) return Number.POSITIVE_INFINITY;
  const ranges = readFileSync('/proc/self/uid_map', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const [first, , length] = ranges.find(([start]) => start === 0) ?? [];
  return first === 0 ? (length ?? 0) : 0;
}

/**
 * Before Linux 5.14 a process limit in a user namespace counted all processes of the user, so that a
 * small one would end calls for what others run.
 */
export function threadLimit(identity: JailIdentity, wanted: number): number {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const countsPerNamespace = major > 5 || (major === 5 && minor >= 14);
  return identity.kind === 'root' || countsPerNamespace ? wanted : Math.max(wanted, 4096);
}

export { maxSlots };
