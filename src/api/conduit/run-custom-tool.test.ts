import { expect, test } from 'vitest';
import { createTestApi } from '../../../test/support/api.ts';

test('parameters reach the tool, and its result the caller, with every digit', async () => {
  await using api = await createTestApi();
  const tool = await api.request('POST', '/v1/custom-tools', {
    body: {
      workspace_id: api.workspace.id,
      name: 'lookup-order',
      language: 'python',
      code: 'def main(order_id, more):\n    return {"message": "done"}\n',
      parameters: { order_id: { type: 'integer' }, more: { type: 'object' } },
    },
  });
  const path = `/v1/custom-tools/${tool.json.data.id}/run`;
  const parameters = '{"order_id":12345678901234567890,"more":{"x":[-9007199254740993,1e400]}}';
  const ran = await api.request('POST', path, { body: `{"parameters": ${parameters}}` });
  expect([ran.status, ran.text]).toEqual([200, expect.stringContaining(parameters)]);

  const tooLarge = await api.request('POST', path, { body: '{"parameters": {"order_id": 1e400}}' });
  expect([tooLarge.status, tooLarge.json.error]).toEqual([
    400,
    'Invalid request: parameters.order_id must be an integer, not the number 1e400, which is too large.',
  ]);
});
