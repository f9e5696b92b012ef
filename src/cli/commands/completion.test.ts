import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isOnPath } from '../../../test/support/machine.ts';
import { requires } from '../../../test/support/requires.ts';
import { runCli } from '../../../test/support/run-cli.ts';

/** What bash offers after these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout } = await runCli(['completion', 'bash']);
  const script = `${stdout}
COMP_WORDS=(signalbox ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_signalbox
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  return said.split('\n').filter((word) => word !== '');
}

describe('completion', requires(isOnPath('bash'), 'no bash'), () => {
  test('of bash knows the groups, their commands and the options of each', async () => {
    expect(await offered('ru')).toEqual(['run', 'runs']);
    expect(await offered('skills', 'ex')).toEqual(['export']);
    expect(await offered('agents', 'get', 'Front desk', '--js')).toEqual(['--json']);
    expect(await offered('no-such-thing', 'x')).toEqual([]);
  });

  test('of zsh and fish holds the same words', async () => {
    const [zsh, fish] = [
      (await runCli(['completion', 'zsh'])).stdout,
      (await runCli(['completion', 'fish'])).stdout,
    ];
    expect(zsh).toContain('bashcompinit');
    for (const script of [zsh, fish])
      expect(script).toMatch(/'kb'[^:]*?[ ']list get add rm search/);
    expect((await runCli(['completion', 'tcsh'])).code).toBe(1);
  });
});
