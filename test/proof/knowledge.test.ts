import { expect, test } from 'vitest';
import { proveKnowledge } from './knowledge.ts';

// The short, seeded form of `npm run proof -- knowledge`.

test('every file that was acknowledged is indexed once, although the server is killed meanwhile', async () => {
  const figures = await proveKnowledge({ seed: 3, files: 40, kills: 1 });
  expect(figures).toMatchObject({ files: 40, lost: 0, doubled: 0, notFound: 0 });
  expect(figures.readyAtKills[0]).toBeLessThan(40);
}, 120_000);
