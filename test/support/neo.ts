import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { neoDialect } from '../../src/api/neo/dialect.ts';
import { neoRoutes } from '../../src/api/neo/routes.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import type { TestApi, TestRequest, TestResponse } from './api.ts';
import { type OpenApiDocument, readSeed } from './openapi.ts';

/** The published document of run-now. */
export const seed = readSeed('001-run-now');
/** The document that we serve. */
export const document = openApiDocument(neoDialect, neoRoutes) as OpenApiDocument;

const runNowOperation = 'POST /public-api/agents/{agent_id}/run-now';

const ajv = new Ajv2020({ strict: false });
ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
ajv.addFormat('date-time', { validate: (text: string) => !Number.isNaN(Date.parse(text)) });
ajv.addSchema(seed, 'seed');
ajv.addSchema(document, 'document');

/** What is wrong with an answer by the schemas of our own document, or of the seed; null when nothing is. */
export function documentFault(
  operation: string,
  { status, json }: Pick<TestResponse, 'status' | 'json'>,
  by: 'document' | 'seed' = 'document',
): string | null {
  const [method = '', path = ''] = operation.split(' ');
  const documents = { document, seed };
  const declared = documents[by].paths[path]?.[method.toLowerCase()]?.responses[status];
  if (declared === undefined && status < 400) return `${operation} does not document ${status}`;
  const pointer =
    declared === undefined
      ? '/components/schemas/ErrorEnvelope'
      : `/paths/${encodeURIComponent(path.replaceAll('/', '~1'))}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
  const validate = ajv.compile({ $ref: `${by}#${pointer}` });
  return validate(json) ? null : ajv.errorsText(validate.errors);
}

/** Sends a run-now; the answer, whatever it is, must be as the seed has it. */
export async function runNow(
  api: Pick<TestApi, 'request'>,
  agentId: string,
  request: TestRequest = {},
): Promise<TestResponse> {
  const answer = await api.request('POST', `/public-api/agents/${agentId}/run-now`, request);
  for (const by of ['seed', 'document'] as const) {
    expect(documentFault(runNowOperation, answer, by), answer.text).toBeNull();
  }
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
