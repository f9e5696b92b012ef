import { limits, mebibyte } from '../limits.ts';
import type { JailParts } from './jail-command.ts';

/** What holds each call, in plain words: what jail-command.ts builds of these parts. */
export function jailLayers({
  identity,
  cgroups,
}: Pick<JailParts, 'identity' | 'cgroups'>): readonly string[] {
  const users = identity.kind === 'user' ? ', users' : '';
  return [
    `Namespaces of its own: files, processes, network, IPC, host name${users}`,
    `A read-only root with the interpreter’s own files, and a /tmp of ${limits.tmpBytes / mebibyte} MiB`,
    identity.kind === 'root' ? 'A user of its own, without any capability' : 'No capability',
    'A filter that lets through the system calls on its list, no others',
    'Limits of memory, processor time, files and threads',
    ...(cgroups === null
      ? []
      : [`A cgroup (version ${cgroups.version}) that counts memory and processes as a whole`]),
    'No network but to the hosts that a tool names, by way of the egress proxy',
  ];
}
