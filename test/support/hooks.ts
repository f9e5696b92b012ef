import type { TestApi, TestResponse } from './api.ts';

export interface MadeHook {
  readonly agent: string;
  readonly trigger: string;
  readonly url: string;
}

/** An agent with one webhook trigger. */
export async function makeHook(
  api: TestApi,
  config: object = {},
  agent: object = {},
): Promise<MadeHook> {
  const made = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      name: 'Hooked',
      description: 'Is called.',
      instructions: 'Read it.',
      triggers: [{ name: 'Hook', type: 'webhook', config }],
      ...agent,
    },
  });
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  const [trigger] = made.json.data.triggers;
  return { agent: made.json.data.id, trigger: trigger.id, url: trigger.config.url };
}

/** A request to a hook, without a token. */
export function postHook(
  api: TestApi,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestResponse> {
  return api.request('POST', url, { token: null, body, headers });
}
