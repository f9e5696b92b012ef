import { readFileSync } from 'node:fs';
import { z } from 'zod';

// What a container engine makes of its seccomp profile: a filter, for a process on x86_64 with Docker's usual
// capabilities. Arguments are compared by their lower half, which is all that the profile's rules look at.

const argument = z.object({
  index: z.number(),
  value: z.number(),
  valueTwo: z.number().optional(),
  op: z.enum(['SCMP_CMP_EQ', 'SCMP_CMP_LT', 'SCMP_CMP_GT', 'SCMP_CMP_MASKED_EQ']),
});
const conditions = z.object({
  caps: z.array(z.string()).optional(),
  arches: z.array(z.string()).optional(),
  minKernel: z.string().optional(),
});
/** The form of a profile, with nothing that is not known. */
export const containerProfile = z.strictObject({
  defaultAction: z.literal('SCMP_ACT_ERRNO'),
  defaultErrnoRet: z.number(),
  archMap: z.array(
    z.strictObject({ architecture: z.string(), subArchitectures: z.array(z.string()).nullable() }),
  ),
  syscalls: z.array(
    z.strictObject({
      names: z.array(z.string()).min(1),
      action: z.enum(['SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO']),
      errnoRet: z.number().optional(),
      args: z.array(argument).optional(),
      comment: z.string().optional(),
      includes: conditions.optional(),
      excludes: conditions.optional(),
    }),
  ),
});
export type ContainerProfile = z.infer<typeof containerProfile>;

const header = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';
const usualCapabilities = ['CAP_CHOWN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SYS_CHROOT', 'CAP_KILL'];
const [load, and, equal, greater, atLeast, result] = [0x20, 0x54, 0x15, 0x25, 0x35, 0x06];
const allow = 0x7fff0000;
const fail = (errno: number) => 0x00050000 | errno;

export function assembleContainerFilter(profile: ContainerProfile): Buffer {
  const numbers = new Map(
    [...readFileSync(header, 'utf8').matchAll(/#define __NR_(\w+) (\d+)/g)].map(
      ([, name = '', number]) => [name, Number(number)] as const,
    ),
  );
  const rules = profile.syscalls.filter(applies);
  const names = new Set(rules.flatMap((rule) => rule.names));
  const program: number[][] = [[load, 0, 0, 0]];
  for (const name of names) {
    const number = numbers.get(name);
    if (number === undefined) continue;
    const block = rules.filter((rule) => rule.names.includes(name)).flatMap(blockOf);
    block.push([result, 0, 0, fail(profile.defaultErrnoRet)]);
    program.push([equal, 0, block.length, number], ...block);
  }
  program.push([result, 0, 0, fail(profile.defaultErrnoRet)]);
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code = 0, yes = 0, no = 0, k = 0]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return bytes;
}

function applies({ includes = {}, excludes = {} }: ContainerProfile['syscalls'][number]): boolean {
  const has = (capability: string) => usualCapabilities.includes(capability);
  return (
    (includes.caps ?? []).every(has) &&
    (includes.arches ?? ['amd64']).includes('amd64') &&
    !(excludes.caps ?? []).some(has) &&
    !(excludes.arches ?? []).includes('amd64')
  );
}

function blockOf(rule: ContainerProfile['syscalls'][number]): number[][] {
  const end = rule.action === 'SCMP_ACT_ALLOW' ? allow : fail(rule.errnoRet ?? 1);
  const [first] = rule.args ?? [];
  if (first === undefined) return [[result, 0, 0, end]];
  const at = [load, 0, 0, 16 + first.index * 8];
  const { op, value, valueTwo = 0 } = first;
  if (op === 'SCMP_CMP_MASKED_EQ') {
    return [at, [and, 0, 0, value], [equal, 0, 1, valueTwo], [result, 0, 0, end]];
  }
  if (op === 'SCMP_CMP_LT') return [at, [atLeast, 1, 0, value], [result, 0, 0, end]];
  return [at, [op === 'SCMP_CMP_EQ' ? equal : greater, 0, 1, value], [result, 0, 0, end]];
}
