import { describe, expect, test } from 'vitest';
import {
  attemptsOf,
  codeOf,
  escapesOf,
  expectEnds,
  expectHeld,
  identities,
} from '../../../test/support/escape-world.ts';
import { javascriptBombs } from './bombs.ts';
import { javascriptResults, pythonResults } from './results.ts';

// Tools that try to get out of Deno, as every user that the server may run as.

const deno = await escapesOf('deno');

describe.each(identities)('deno as %s', deno.needs, (identity) => {
  test.each([
    ['reaches nothing', []],
    ['may reach a host', ['api.example.com']],
  ])(
    'holds every attempt of a call that %s, also of JavaScript that Python reaches',
    {
      timeout: 120_000,
    },
    async (_, network) => {
      const { parameters } = deno;
      // A Worker reserves half a gigabyte for its code.
      const memoryMb = 1_024;
      const tools = [
        {
          name: 'javascript',
          language: 'javascript',
          code: codeOf.javascript,
          parameters,
          memoryMb,
        },
        { name: 'through', language: 'python', code: 'through-javascript.py', parameters },
      ] as const;
      const outcomes = await deno.attempt({ identity, tools, network });
      expectHeld(attemptsOf(outcomes.javascript), []);
      const through = attemptsOf(outcomes.through);
      expectHeld(through, []);
      // The control: JavaScript was reached, and it was Deno that held.
      expect(through['deno: read']).toContain('NotCapable');
    },
  );
});

// What holds these is the same for every user, and Deno takes its time.
describe('deno', deno.needs, () => {
  const [identity = 'this user'] = identities.slice(-1);

  test('holds bombs, and is not fooled by results that are none', {
    timeout: 120_000,
  }, async () => {
    const tools = [...javascriptBombs, ...javascriptResults];
    const outcomes = await deno.attempt({ identity, tools });
    expect(outcomes.wasm).toMatchObject({ ok: false, failure: 'memory' });
    expect(outcomes.sharedBuffers).toMatchObject({ ok: false, failure: 'memory' });
    expect(outcomes.flood).toMatchObject({ ok: false, failure: 'killed' });
    expectEnds(outcomes, javascriptResults);
  });

  test('is not fooled by Python’s results', { timeout: 120_000 }, async () => {
    const tools = pythonResults;
    expectEnds(await deno.attempt({ identity, tools }), tools);
  });
});
