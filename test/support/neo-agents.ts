import { expect } from 'vitest';
import type { TestApi, TestResponse } from './api.ts';
import { documentFault } from './neo.ts';

// Writing agents through Neo's dialect.

export type AgentBody = Readonly<Record<string, unknown>>;

export const triage: AgentBody = {
  name: 'Triage',
  autonomy_type: 'AGENTIC',
  trigger_type: 'TRIGGERED',
  entity_type: 'ticket',
  agent_settings: { custom_instructions: 'Give it a priority.' },
  callback_settings: { target_changes: [{ change_type: 'CREATE' }] },
  ticket_conditions: {
    conditions: { combinator: 'and', rules: [{ field: 'status', operator: '=', value: 'New' }] },
  },
};

type Api = Pick<TestApi, 'request'>;

export function create(api: Api, body: AgentBody): Promise<TestResponse> {
  return api.request('POST', '/public-api/agents', { body });
}

export function put(api: Api, id: string, body: AgentBody): Promise<TestResponse> {
  return api.request('PUT', `/public-api/agents/${id}`, { body });
}

/** The `data` of an answer that is as documented. */
export async function added(api: Api, body = triage): Promise<TestResponse['json']> {
  const answer = await create(api, body);
  expect(answer.status, answer.text).toBe(201);
  expect(documentFault('POST /public-api/agents', answer), answer.text).toBeNull();
  return answer.json.data;
}

/** Status, code, and the fields that it is about. */
export async function refusal(
  answer: Promise<TestResponse>,
): Promise<readonly [number, string, readonly string[]]> {
  const { status, json } = await answer;
  return [status, json.error.code, Object.keys(json.error.details ?? {})];
}
