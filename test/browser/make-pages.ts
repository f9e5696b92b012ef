import { firstOf } from './make-work.ts';
import {
  dispatch,
  forkWith,
  hostileText,
  makeAgent,
  makeSettings,
  makeTests,
  type TestDashboard,
} from './open-dashboard.ts';

/** Something for every page to show. */
export interface PageContents {
  /** Its first version says less than its second. */
  readonly agent: string;
  /** A run of the agent, and a fork of it. */
  readonly runs: readonly [string, string];
  /** An agent that asks the other one, and its run. */
  readonly head: string;
  readonly asking: string;
  readonly tool: string;
  readonly testRun: string;
}

/** Four runs in all, that of the agent that was asked among them; a tool, a test run and settings. */
export async function makePages(dashboard: TestDashboard): Promise<PageContents> {
  const agent = await makeAgent(dashboard, { name: 'Order desk', model: 'scripted/desk' });
  await dashboard.server.call('PATCH', `/v1/agents/${agent}`, {
    instructions: 'Look it up twice.',
  });
  await dashboard.server.call('PUT', '/v1/secrets/SHOP_KEY', {
    workspace_id: dashboard.workspaceId,
    value: 'the value of a secret',
  });
  await makeSettings(dashboard);
  const first = await dispatch(dashboard, agent, 30);
  const head = await makeAgent(dashboard, {
    name: 'Head desk',
    model: 'scripted/head',
    tools: [`agent:${agent}`],
  });
  const [fork, asking] = await Promise.all([
    forkWith(dashboard, {
      agentId: agent,
      runId: first,
      result: { message: 'Order A-17 is lost', rawData: { order_id: 'A-17' } },
    }),
    dispatch(dashboard, head, 30),
  ]);
  const tests = await makeTests(dashboard, first);
  return {
    agent,
    runs: [first, fork],
    head,
    asking,
    tool: await firstOf(dashboard, `/v1/custom-tools?workspace_id=${dashboard.workspaceId}`),
    testRun: tests.body.data.id,
  };
}

/** A run whose tool handed a page over that is not to be shown, and what somebody said of it by a link. */
export async function makeFilesAndFeedback(
  dashboard: TestDashboard,
): Promise<{ readonly agentId: string; readonly runId: string }> {
  const { server, workspaceId } = dashboard;
  await server.call('POST', '/v1/custom-tools', {
    workspace_id: workspaceId,
    name: 'order-report',
    description: 'Writes a report of an order.',
    language: 'javascript',
    code: `export function main(_args, { saveFile }) {
      saveFile('report.html', ${JSON.stringify(hostileText)}, { mediaType: 'text/html' });
      return { message: 'The report is kept.' };
    }`,
  });
  const agentId = await makeAgent(dashboard, {
    name: 'Report desk',
    model: 'scripted/report',
    tools: ['order-report'],
  });
  const runId = await dispatch(dashboard, agentId, 30);
  const link = await server.call<{ data: { url: string } }>(
    'POST',
    `/v1/agents/${agentId}/runs/${runId}/feedback-links`,
    { name: 'ada@example.com' },
  );
  const { ok } = await fetch(link.body.data.url, {
    method: 'POST',
    body: new URLSearchParams({ rating: 'bad', comment: '<b>Late</b>' }),
  });
  if (!ok) throw new Error('The feedback was not taken.');
  return { agentId, runId };
}
