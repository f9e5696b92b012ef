import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { TestApi, TestRequest, TestResponse } from './api.ts';

const seedFile = new URL('../fixtures/seeds/001-run-now.json', import.meta.url);
const seed = JSON.parse(readFileSync(seedFile, 'utf8')) as SeedDocument;
const runNowPath = '/public-api/agents/{agent_id}/run-now';

interface SeedDocument {
  readonly paths: Readonly<
    Record<string, { readonly post: { readonly responses: Readonly<Record<string, unknown>> } }>
  >;
}

const ajv = new Ajv2020({ strict: false });
ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
ajv.addSchema(seed, 'seed');

/** What is wrong with an answer of run-now by the seed's own schemas; null when it is as documented. */
export function runNowFault({ status, json }: TestResponse): string | null {
  const documented = seed.paths[runNowPath]?.post.responses[status] !== undefined;
  const path = encodeURIComponent(runNowPath.replaceAll('/', '~1'));
  const pointer = documented
    ? `/paths/${path}/post/responses/${status}/content/application~1json/schema`
    : '/components/schemas/ErrorEnvelope';
  const validate = ajv.compile({ $ref: `seed#${pointer}` });
  return validate(json) ? null : ajv.errorsText(validate.errors);
}

/** Sends a run-now; the answer, whatever it is, must be as the seed has it. */
export async function runNow(
  api: Pick<TestApi, 'request'>,
  agentId: string,
  request: TestRequest = {},
): Promise<TestResponse> {
  const answer = await api.request('POST', `/public-api/agents/${agentId}/run-now`, request);
  expect(runNowFault(answer), answer.text).toBeNull();
  return answer;
}

export const webhook = { name: 'Changed', type: 'webhook', config: {} };
export const cron = { name: 'Daily', type: 'cron', config: { expression: '0 8 * * *' } };
export const message = { name: 'Inbox', type: 'message', config: {} };

/** An agent of the API's own workspace, as `/v1` shows it; `number` is what Neo's dialect shows. */
export async function addAgent(
  api: Pick<TestApi, 'request' | 'workspace'>,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly id: string; readonly number: string }> {
  const body = {
    workspace_id: api.workspace.id,
    name: 'Dispatcher',
    description: 'Sorts tickets.',
    instructions: 'Sort.',
    triggers: [webhook],
    ...fields,
  };
  const made = await api.request('POST', '/v1/agents', { body });
  expect(made.status, made.text).toBe(201);
  const shown = await api.request('GET', `/public-api/agents/${made.json.data.id}`);
  return { id: made.json.data.id, number: shown.json.data.id };
}
