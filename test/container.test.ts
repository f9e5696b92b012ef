import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { assembleProgram, cString, pointerList } from '../src/sandbox/jail/elf-program.ts';
import { syscallNumber } from '../src/sandbox/jail/syscalls.ts';
import {
  assembleContainerFilter,
  type ContainerProfile,
  containerProfile,
} from './support/container-filter.ts';
import { isOpenToAll } from './support/machine.ts';
import { requires } from './support/requires.ts';
import { repositoryRoot } from './support/source-tree.ts';

// There is no container engine here. What one would do with the profile is done instead: it is made a filter,
// and the jail is built by a process that has it.

const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true }));

const profile = containerProfile.parse(
  JSON.parse(readFileSync(join(repositoryRoot, 'deploy/seccomp.json'), 'utf8')),
);
const usual: ContainerProfile = { ...profile, syscalls: profile.syscalls.slice(0, -1) };

test('the profile is Docker’s own and one rule more', () => {
  // seccomp/default.json of github.com/moby/profiles at cd3bed8, without its spaces.
  const digest = createHash('sha256').update(JSON.stringify(usual)).digest('hex');
  expect(digest).toBe('afb4934b023cfceaaec1a9d752ca3f801aaa96eb2e59abe6e7ea16976948e080');
  expect(profile.syscalls.at(-1)).toMatchObject({
    names: ['clone', 'mount', 'pivot_root', 'sethostname', 'setns', 'umount2', 'unshare'],
    action: 'SCMP_ACT_ALLOW',
  });
});

const headers = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';
const canTry =
  process.platform === 'linux' && process.arch === 'x64' && existsSync(headers) && isOpenToAll();

describe('under the filter of a container', requires(canTry, 'no x86_64 headers here'), () => {
  const script = `
    const { openWholeJail } = await import(${JSON.stringify(join(repositoryRoot, 'src/sandbox/create-sandbox.ts'))});
    const jail = await openWholeJail({ maxCalls: 2, maxWarmBytes: 0 });
    if (typeof jail === 'string') console.log(jail);
    else {
      const call = { parametersJson: '{}', timeoutMs: 20000, memoryMb: 128, key: 'k' };
      const python = 'def main():\\n    return {"message": "python"}';
      const javascript = 'const main = () => ({ message: "javascript" });';
      const outcomes = [
        await jail.run({ ...call, language: 'python', code: python }),
        await jail.run({ ...call, language: 'javascript', code: javascript }),
      ];
      console.log(JSON.stringify(outcomes.map((one) => one.message ?? one.error)));
      await jail[Symbol.asyncDispose]();
    }`;

  const jailUnder = async (name: string, given: ContainerProfile): Promise<string> => {
    const number = (call: 'prctl' | 'execve' | 'write' | 'exit_group') =>
      syscallNumber(call, 'x64') ?? -1;
    const filter = assembleContainerFilter(given);
    const described = Buffer.alloc(16);
    described.writeUInt16LE(filter.length / 8);
    const node = cString(process.execPath);
    const args = [process.execPath, '--no-warnings', '--input-type=module', '-e', script];
    const program = assembleProgram({
      architecture: 'x64',
      firstData: node,
      calls: { write: number('write'), exit: number('exit_group') },
      steps: [
        {
          call: number('prctl'),
          args: [38, 1, 0, 0, 0],
          outcome: 'success',
          complaint: 'no new privileges',
        },
        {
          call: number('prctl'),
          args: [22, 2, { bytes: described, pointers: [{ at: 8, to: { bytes: filter } }] }, 0, 0],
          outcome: 'success',
          complaint: 'no filter',
        },
        {
          call: number('execve'),
          args: [
            node,
            pointerList(args.map(cString)),
            pointerList([cString('PATH=/usr/bin:/bin')]),
          ],
          outcome: 'success',
          complaint: 'no node',
        },
      ],
    });
    const path = join(directory, name);
    writeFileSync(path, program, { mode: 0o755 });
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { stdout } = await promisify(execFile)(path, [], nobody);
    return stdout.trim();
  };

  test('the jail runs both languages with our profile', { timeout: 60_000 }, async () => {
    const before = await jailUnder('without-rules-of-ours', usual);
    const after = await jailUnder('with-rules-of-ours', profile);
    // Where the machine itself forbids it, the filter changes nothing.
    if (/userns_clone|max_user_namespaces|AppArmor restricts/.test(after)) return;
    expect(after).toBe('["python","javascript"]');
    expect(before).toContain('--security-opt seccomp=deploy/seccomp.json');
  });
});
