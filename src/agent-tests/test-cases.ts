import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../core/agent.ts';
import type { TestCase, TestDefinition } from '../core/agent-test.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { refusal } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import {
  getTestCase,
  insertTestCase,
  lockTestCase,
  saveTestCase,
  type TestCaseSave,
} from '../store/test-cases.ts';
import type { InTransaction } from '../store/workspaces.ts';
import type { TestCaseFields } from './test-input.ts';

/** A case that says nothing: empty payload, no scripted results, and that the run must complete. */
export const plainCase: TestDefinition = {
  payloadJson: '{}',
  conversation: null,
  entity_id: null,
  additional_instructions: null,
  tools: { others: 'refuse', results: [] },
  expect: {},
  repeat: 1,
  min_pass_rate: 1,
};

/** `payloadJson`: the payload's own text, null when none is given. */
export interface GivenCase {
  readonly fields: TestCaseFields;
  readonly payloadJson: string | null;
}

/** Creates a case. Throws `validation_error` without a name, `conflict` for a name that the agent has. */
export async function createTestCase(
  db: Database,
  given: GivenCase & {
    readonly agent: Pick<Agent, 'id' | 'workspaceId'>;
    /** What the fields are laid over. */
    readonly from: { readonly name?: string; readonly definition: TestDefinition };
    readonly fromRunId: string | null;
  },
  inTransaction?: InTransaction<TestCase>,
): Promise<TestCase> {
  const name = given.fields.name ?? given.from.name;
  if (name === undefined) throw refusal(new Map([['name', 'is required']]));
  const definition = withFields(given.from.definition, given);
  return await db.transaction(async (tx) => {
    const made = await insertTestCase(tx, {
      id: newId('testCase'),
      workspaceId: given.agent.workspaceId,
      agentId: given.agent.id,
      name,
      description: given.fields.description ?? '',
      definition,
      fromRunId: given.fromRunId,
    });
    if (made === null) throw nameTaken(name);
    await inTransaction?.(tx, made);
    return made;
  });
}

/** Changes what is given; of what decides the outcome a new revision is made. Throws `not_found`, `conflict`. */
export async function patchTestCase(
  db: Database,
  scope: WorkspaceScope,
  given: GivenCase & { readonly id: string },
): Promise<TestCase> {
  const { id, fields } = given;
  return await db.transaction(async (tx) => {
    const before = await lockTestCase(tx, scope, id);
    if (before === null) throw noCase(id);
    const definition = withFields(before.definition, given);
    const save: TestCaseSave = {
      name: fields.name ?? before.name,
      description: fields.description ?? before.description,
      definition,
    };
    const isNewRevision = !isDeepStrictEqual(
      JSON.parse(JSON.stringify(definition)),
      before.definition,
    );
    const saved = await saveTestCase(tx, id, { ...save, isNewRevision });
    if (saved === null) throw nameTaken(save.name);
    return saved;
  });
}

/** The case. Throws `not_found`. */
export async function requireTestCase(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<TestCase> {
  const found = await getTestCase(db, scope, id);
  if (found === null) throw noCase(id);
  return found;
}

export function noCase(id: string): ApiError {
  return new ApiError('not_found', `There is no test case ${id}.`);
}

function withFields(before: TestDefinition, { fields, payloadJson }: GivenCase): TestDefinition {
  const { conversation, entity_id, additional_instructions, tools, expect } = fields;
  const messages = conversation === undefined ? before.conversation : conversation;
  const payload = payloadJson ?? before.payloadJson;
  if (messages !== null && !payload.trimStart().startsWith('{')) {
    throw refusal(new Map([['payload', 'must be an object beside a conversation']]));
  }
  return {
    payloadJson: payload,
    conversation: messages,
    entity_id: entity_id === undefined ? before.entity_id : entity_id,
    additional_instructions:
      additional_instructions === undefined
        ? before.additional_instructions
        : additional_instructions,
    tools: tools ?? before.tools,
    expect: expect ?? before.expect,
    repeat: fields.repeat ?? before.repeat,
    min_pass_rate: fields.min_pass_rate ?? before.min_pass_rate,
  };
}

function nameTaken(name: string): ApiError {
  return new ApiError('conflict', `The agent has a test case named "${name}" already.`, {
    details: { name: 'is the name of another case of this agent' },
  });
}
