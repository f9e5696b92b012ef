import { describe, expect, test } from 'vitest';
import {
  attemptsOf,
  codeOf,
  escapesOf,
  expectEnds,
  expectHeld,
  identities,
} from '../../../test/support/escape-world.ts';
import type { SandboxOutcome } from '../../core/sandbox.ts';
import { jailBombs } from './bombs.ts';
import { jailResults, javascriptResults, pythonResults } from './results.ts';

// Tools that try to get out of the jail, as every user that the server may run as.

const jail = await escapesOf('jail');

const numberIn = (outcome: SandboxOutcome | undefined) =>
  outcome?.ok ? Number.parseInt(outcome.message, 10) : Number.NaN;

describe.each(identities)('jail as %s', jail.needs, (identity) => {
  test.each([
    ['reaches nothing', []],
    ['may reach a host', ['api.example.com']],
  ])('holds every attempt of a call that %s', { timeout: 60_000 }, async (_, network) => {
    const tools = [
      { name: 'python', language: 'python', code: codeOf.python, parameters: jail.parameters },
      {
        name: 'javascript',
        language: 'javascript',
        code: codeOf.javascript,
        parameters: jail.parameters,
        memoryMb: 512,
      },
    ] as const;
    const outcomes = await jail.attempt({ identity, tools, network });
    expectHeld(attemptsOf(outcomes.python), network);
    expectHeld(attemptsOf(outcomes.javascript), network);
  });

  test('holds bombs of disk, files, threads and memory', { timeout: 90_000 }, async () => {
    const outcomes = await jail.attempt({ identity, tools: jailBombs });
    const ended = (name: string) => outcomes[name];
    const said = (message: RegExp) => ({ ok: true, message: expect.stringMatching(message) });
    expect(ended('disk')).toMatchObject(said(/^(5\d|6\d) MiB, then .*No space/));
    for (const name of ['threads', 'descriptors', 'timers', 'sentDescriptors']) {
      expect(ended(name), name).toMatchObject(said(/^\d{1,3}, then/));
    }
    for (const name of ['files', 'folders', 'links', 'symlinks', 'filesInJavascript']) {
      expect(ended(name), name).toMatchObject(said(/^\d{1,4} files, then .*no space/i));
    }
    expect(ended('root')).toMatchObject({ ok: true, message: 'read-only kept in /tmp' });
    for (const name of ['readOnlyPages', 'wasm', 'sharedBuffers']) {
      expect(ended(name), name).toMatchObject({ ok: false, failure: 'memory' });
    }
    for (const name of ['flood', 'pythonFlood']) {
      expect(ended(name), name).toMatchObject({ ok: false, failure: 'killed' });
    }
    for (const name of ['stays', 'staysInJavascript']) {
      expect(ended(name), name).toMatchObject({ ok: true, message: 'returned' });
    }
    expect(ended('limits')).toMatchObject({ ok: true, message: 'held' });
    // Its memory_mb is 128; the slack is that of RLIMIT_AS, or none where there is a cgroup.
    const hidden = ended('hiddenInJavascript');
    if (hidden?.ok) expect(numberIn(hidden)).toBeLessThan(2_048);
    else expect(hidden?.failure).toBe('memory');
    expect(ended('workers')?.ok === true || ended('workers')).toBeTruthy();
  });

  test('is not fooled by results that are none, and by leaving without', {
    timeout: 60_000,
  }, async () => {
    const wanted = [...jailResults, ...pythonResults, ...javascriptResults];
    expectEnds(await jail.attempt({ identity, tools: wanted }), wanted);
  });
});
