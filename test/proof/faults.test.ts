import { expect, test } from 'vitest';
import { playFaults } from './faults.ts';

// The short form of `npm run proof -- faults`.
test('while the database takes no writes dispatches are refused in plain words, and nothing is lost', async () => {
  const [report] = await playFaults(['Postgres is read-only'], () => {});
  expect(report).toMatchObject({ lost: 0, unclear: 0 });
  expect(report?.acknowledged).toBeGreaterThan(0);
}, 180_000);
