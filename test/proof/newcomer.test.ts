import { expect, test } from 'vitest';
import { isOnPath } from '../support/machine.ts';
import { requires } from '../support/requires.ts';
import { playNewcomer } from './newcomer.ts';

// The short form of `npm run proof -- newcomer`: with the packages of this tree.

const missing = ['bash', 'curl', 'git', 'npm'].filter((name) => !isOnPath(name));
const options = requires(missing.length === 0, `no ${missing.join()}`);

test('the quick start, as it stands there, gives an agent with a tool, a webhook and a test in ten commands', {
  ...options,
  timeout: 180_000,
}, async () => {
  const { output, ...figures } = await playNewcomer({ installed: true, timeoutMs: 120_000 });
  expect(figures, output).toMatchObject({ failedCommands: 0, wrongAnswers: 0, failedCases: 0 });
  expect(figures.commands).toBeLessThanOrEqual(10);
});
