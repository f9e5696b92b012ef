import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { insertApproval } from '../../../test/support/approvals.ts';
import { addArtifact } from '../../../test/support/artifacts.ts';
import {
  addAgent,
  cron,
  document,
  documentFault,
  runNow,
  seed,
} from '../../../test/support/neo.ts';
import type { OpenApiDocument } from '../../../test/support/openapi.ts';
import { newId } from '../../core/ids.ts';
import { insertFieldDecision } from '../../store/field-decisions.ts';
import { insertScriptRun } from '../../store/script-runs.ts';

const runNowPath = '/public-api/agents/{agent_id}/run-now';
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Without prose, and with one spelling of what JSON Schema can say in two. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essence).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !['description', 'summary', 'example', 'title'].includes(name))
      .filter(([name, member]) => !(name === 'properties' && Object.keys(member).length === 0))
      .map(([name, member]) => [
        name,
        name === 'additionalProperties' && JSON.stringify(member) === '{}' ? true : essence(member),
      ]),
  );
}

describe('the OpenAPI document', () => {
  test('is served without a token, as 3.1', async () => {
    await using api = await createTestApi();
    const { status, json } = await api.request('GET', '/public-api/openapi.json', { token: null });
    expect([status, json.openapi, json.info.title]).toEqual([200, '3.1.0', 'Neo Public API']);
    expect(json).toMatchObject(JSON.parse(JSON.stringify(document)));
    expect(json.paths['/public-api/openapi.json'].get).toMatchObject({
      operationId: 'public_api.openapi_get',
      tags: ['Meta'],
    });
  });

  test('has run-now as it is published, and adds to it only what may be left out', () => {
    const published = seed.paths[runNowPath]?.post;
    const ours = document.paths[runNowPath]?.post;
    if (published === undefined || ours === undefined) throw new Error('run-now is missing');
    expect(ours).toMatchObject({
      operationId: published.operationId,
      tags: published.tags,
      security: published.security,
    });
    expect(essence(ours.requestBody)).toEqual(essence(published.requestBody));
    const isPublished = ({ name }: { readonly name: string }) => name === 'agent_id';
    const parameters = ours.parameters ?? [];
    expect(essence(parameters.filter(isPublished))).toEqual(essence(published.parameters));
    expect(parameters.filter((each) => !isPublished(each) && each.required)).toEqual([]);
    for (const [status, response] of Object.entries(published.responses)) {
      expect(essence(ours.responses[status])).toMatchObject(essence(response) as object);
    }
  });

  test.each(['RunNowRequest', 'SuccessMeta', 'ErrorEnvelope', 'Pagination'])(
    'has the component %s as it is published',
    (name) => {
      const of = ({ components }: OpenApiDocument) => essence(components.schemas?.[name]);
      expect(of(document)).toEqual(of(seed));
    },
  );

  test('has the published security scheme', () => {
    const { securitySchemes } = document.components;
    expect(securitySchemes).toMatchObject(seed.components.securitySchemes);
  });

  test('names operations as the published one is named, and uses published tags', () => {
    // The reference site has groups beyond the seed's.
    const published = new Set([
      ...(seed.tags ?? []).map(({ name }) => name),
      'Chat',
      'Sharing',
      'Observability',
      'Performance',
      'Insights',
      'Phone agent',
    ]);
    const declared = (document.tags ?? []).map(({ name }) => name);
    expect(declared.filter((name) => !published.has(name))).toEqual([]);
    for (const { operation, method } of operations) {
      expect(operation.operationId).toMatch(new RegExp(`^public_api\\.[a-z_]+_${method}$`));
      expect(declared).toEqual(expect.arrayContaining([...operation.tags]));
    }
  });

  test('has no reference that leads nowhere', () => {
    const references = JSON.stringify(document).matchAll(
      /"\$ref":"#\/components\/schemas\/(\w+)"/g,
    );
    const names = [...references].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => document.components.schemas?.[name] === undefined)).toEqual([]);
  });
});

describe('answers', () => {
  let api: TestApi;
  let path: Readonly<Record<string, string>>;
  let bodies: Readonly<Record<string, object>>;
  const scheduledWork = '/public-api/scheduled-work';
  const later = new Date(Date.now() + 86_400_000).toISOString();
  beforeAll(async () => {
    api = await createTestApi();
    const agent = await addAgent(api, { triggers: [cron] });
    const { json } = await runNow(api, agent.number);
    const made = await api.request('POST', '/public-api/api-keys', {
      token: api.tokens.admin,
      headers: { 'X-Workspace-Id': api.workspace.id },
      body: { name: 'A key' },
    });
    const callback = await api.request(
      'GET',
      `/public-api/executions/${json.data.execution_id}/callback`,
    );
    const scheduled = await api.request('POST', scheduledWork, {
      token: api.tokens.admin,
      headers: { 'X-Workspace-Id': api.workspace.id },
      body: { scheduled_for: later, workflow_id: agent.number },
    });
    const files = [{ path: 'SKILL.md', content: 'Greet by the first name.' }];
    const newSkill = (slug: string) => ({ name: 'Greeting', slug, files });
    const skill = await api.request('POST', '/public-api/skills', { body: newSkill('greeting') });
    const session = await api.request('POST', '/public-api/chat/sessions', {
      body: { agent_id: Number(agent.number) },
    });
    const endUser = await api.request('POST', '/public-api/sessions', {
      body: { session_id: session.json.data.id },
    });
    const company = { psa_company_id: 'c-1', psa_company_name: 'Acme' };
    await api.request('POST', '/public-api/end-companies', {
      token: api.tokens.admin,
      headers: { 'X-Workspace-Id': api.workspace.id },
      body: company,
    });
    const share = await api.request('POST', `/public-api/agents/${agent.number}/share`);
    const portal = { internal_name: 'Portal', audience: 'MSP' };
    const channel = await api.request('POST', '/public-api/channels', { body: portal });
    bodies = {
      'post /public-api/escalate-to-neo-team': { summary: 'Offline', details: 'Since noon.' },
      'post /public-api/channels': portal,
      'post /public-api/channels/install-events': { channel_id: channel.json.data.id },
      'post /public-api/agents': { name: 'Another', autonomy_type: 'CONVERSATIONAL' },
      'post /public-api/end-companies': { ...company, psa_company_id: 'c-2' },
      'put /public-api/end-companies': { companies: [company] },
      'post /public-api/chat/sessions': { agent_id: Number(agent.number) },
      'post /public-api/chat/sessions/{session_id}/messages': { message: 'Hello' },
      'post /public-api/chat/sessions/{session_id}/attachments/upload-url': {
        content_type: 'image/png',
        filename: 'a.png',
      },
      'post /public-api/sessions': { session_id: session.json.data.id },
      'post /public-api/skills': newSkill('another'),
      'patch /public-api/skills/{skill_id}': {
        edits: [{ file_id: 'SKILL.md', old_string: 'first name', new_string: 'last name' }],
      },
      [`post ${scheduledWork}`]: { scheduled_for: later, workflow_id: agent.number },
      [`patch ${scheduledWork}/{scheduled_work_id}`]: { scheduled_for: later },
    };
    const waiting = await runNow(api, agent.number);
    const idOf = async (executionId: string) => {
      const [found] = await api.deps.db.query<{ id: string }>({
        text: 'SELECT id FROM runs WHERE run_id = $1',
        values: [executionId],
      });
      return found?.id ?? '';
    };
    const ofRun = {
      workspaceId: api.workspace.id,
      runId: await idOf(waiting.json.data.execution_id),
      agentId: agent.id,
    };
    const approval = await insertApproval(api.deps.db, ofRun);
    const decision = newId('fieldDecision');
    await insertFieldDecision(api.deps.db, {
      ...{ ...ofRun, id: decision, callKey: decision, purpose: 'dispatch', kind: 'psa-ticket' },
      ...{ entityId: '7', recordId: newId('record'), field: 'owner_id', isCustomField: false },
      ...{ shouldUpdate: true, currentJson: 'null', proposedJson: '"t1"', proposedOptionId: 't1' },
      ...{ justification: 'Knows it.', options: [], status: 'proposed' },
    });
    const script = newId('scriptRun');
    await insertScriptRun(api.deps.db, {
      ...{ ...ofRun, id: script, callKey: script, scriptId: 's', scriptName: 'Restart' },
      ...{ machineId: 'pc1', toolName: 'rmm__run', inputJson: '{}' },
    });
    path = {
      decision_id: decision,
      script_execution_id: script,
      channel_id: channel.json.data.id,
      name: 'psa',
      psa_company_id: company.psa_company_id,
      request_id: approval,
      session_id: session.json.data.id,
      jti: endUser.json.data.jti,
      skill_id: skill.json.data.id,
      template_id: '3',
      schema_name: 'agent',
      callback_id: callback.json.data.callback_id,
      scheduled_work_id: String(scheduled.json.data.id),
      agent_id: agent.number,
      share_token: share.json.data.share_token,
      execution_id: json.data.execution_id,
      artifact_id: await addArtifact(api.deps.db, await idOf(json.data.execution_id)),
      key_id: made.json.data.id,
    };
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const query: Readonly<Record<string, string>> = {
    '/public-api/agents/{agent_id}/version-at': '?timestamp=2999-01-01',
    '/public-api/callbacks': '?entity_type=ticket&entity_id=x',
    '/public-api/performance/workflows': '?from=2026-04-01&to=2026-05-01',
  };

  const turnOf = ({ method, path }: { readonly method: string; readonly path: string }) => {
    if (method !== 'delete') return 0;
    return path === '/public-api/agents/{agent_id}' ? 2 : 1;
  };
  // The key is deleted at last, and an execution is retried once it is cancelled. A stream has no end here. A decision
  // needs a run that waits: tests of approvals have them. Files and pages are no JSON.
  const inOrder = operations
    .filter(
      ({ path }) =>
        path !== runNowPath &&
        !/\/(events|decision)$|^\/public-api\/feedback\/|^\/public-api\/chat\/.*\{attachment_id\}$/.test(
          path,
        ),
    )
    .toSorted((a, b) => turnOf(a) - turnOf(b));

  test.each(inOrder.map(({ method, path }) => [method.toUpperCase(), path] as const))(
    'of %s %s are as documented, success and errors',
    async (method, template) => {
      const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '');
      const send = (at: string, token: string | null, body?: unknown) =>
        api.request(method, at, {
          token,
          headers: { 'X-Workspace-Id': api.workspace.id },
          ...(body === undefined ? {} : { body }),
        });
      const { admin } = api.tokens;
      const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
      const own = takesBody
        ? (bodies[`${method.toLowerCase()} ${template}`] ?? { name: 'Another' })
        : undefined;
      const wrong = takesBody ? { name: 1, scheduled_for: 1 } : undefined;
      const answers = [
        await send(filled + (query[template] ?? ''), admin, own),
        await send(`${filled}?page_size=x&since=x&type=x&timestamp=x`, admin, wrong),
        await send(template.replace(/\{\w+\}/g, 'nothing'), admin, own),
        await send(filled, null, own),
      ];
      expect(answers[0]?.status, answers[0]?.text).toBeLessThan(300);
      for (const answer of answers) {
        expect(documentFault(`${method} ${template}`, answer), answer.text).toBeNull();
      }
    },
  );
});
