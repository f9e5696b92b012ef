import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
test('clone', async () => {
  for (let i=0;i<5;i++){ const t=performance.now(); await using d = await createTestDatabase(); console.log(performance.now()-t); 
  expect(await d.db.query('select count(*) n from runs')).toEqual([{n:0}]); console.log(d.url, performance.now()-t);}
});
