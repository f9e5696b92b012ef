import { existsSync, readFileSync } from 'node:fs';

// Why a machine does not let the jail be built, and what exactly changes that.

/** What the machine says of itself; null where it says nothing. */
export interface MachineFacts {
  /** Sysctls by name. */
  readonly sysctl: (name: string) => string | null;
  readonly isRoot: boolean;
  readonly hasAdminCapability: boolean;
  /** A system call filter is on this process already. */
  readonly isFiltered: boolean;
  readonly isContainer: boolean;
}

const namespaceRefused =
  /namespace failed|uid map|setting up uid|No permissions to creat|RTM_NEW|pivot_root|Failed to mount|mount.*(denied|not permitted)|could not be mounted|Mounts of its own|sethostname|Can't mount/i;

/** The reason with what to do about it; unchanged where it is about something else. */
export function explainRefusal(text: string, facts: MachineFacts = readFacts()): string {
  if (!namespaceRefused.test(text)) return text;
  const advice = adviceFor(facts);
  const what = 'this machine forbids the namespaces that the jail is made of';
  return `${text.trim()} — ${what}. ${advice.join(' ')} Or use the deno backend.`;
}

function adviceFor(facts: MachineFacts): readonly string[] {
  const { sysctl, isRoot, hasAdminCapability, isFiltered, isContainer } = facts;
  const advice: string[] = [];
  if (isRoot && !hasAdminCapability) {
    advice.push(
      'The server is root without CAP_SYS_ADMIN: run it as an ordinary user (docker run --user 1000:1000).',
    );
  }
  if (sysctl('kernel.unprivileged_userns_clone') === '0') {
    advice.push('Set sysctl kernel.unprivileged_userns_clone=1.');
  }
  if (sysctl('user.max_user_namespaces') === '0') {
    advice.push('Set sysctl user.max_user_namespaces=10000.');
  }
  if (sysctl('kernel.apparmor_restrict_unprivileged_userns') === '1') {
    advice.push(
      'AppArmor restricts user namespaces: load deploy/apparmor-bwrap as /etc/apparmor.d/bwrap, or set sysctl kernel.apparmor_restrict_unprivileged_userns=0.',
    );
  }
  if (isFiltered || isContainer) {
    advice.push(
      'The container filters system calls: start it with --security-opt seccomp=deploy/seccomp.json and, where AppArmor is on, --security-opt apparmor=signalbox-container (docs/containers.md).',
    );
  }
  if (advice.length > 0) return advice;
  return ['Allow user namespaces (docs/containers.md tells how).'];
}

function readFacts(): MachineFacts {
  const status = read('/proc/self/status') ?? '';
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1];
  const admin = 1n << 21n;
  return {
    sysctl: (name) => read(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim() ?? null,
    isRoot: process.getuid?.() === 0,
    hasAdminCapability: (BigInt(`0x${field('CapEff') ?? '0'}`) & admin) !== 0n,
    isFiltered: field('Seccomp') === '2',
    isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
