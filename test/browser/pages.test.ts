import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { chromiumProgram, seriousFaults } from './open-browser.ts';
import {
  dispatch,
  forkWith,
  hostileText,
  makeAgent,
  makeSettings,
  makeTests,
  openDashboard,
  type TestDashboard,
} from './open-dashboard.ts';
import { checkLoadingAndFailure, checkLooks, checkPlaces, openPage, shoot } from './page-checks.ts';
import { cancelAndRetry, findAmongOthers } from './runs-by-hand.ts';
import { addByHand, additions, setByHand } from './settings-by-hand.ts';

// Every page: by axe in both themes, on a phone, while it loads, with nothing and when it fails.
// SIGNALBOX_SCREENSHOTS=1 also writes what they look like to docs/screenshots/.

const settings = [
  'models',
  'prices',
  'secrets',
  'mcp',
  'channels',
  'webhooks',
  'alerts',
  'notifications',
  'limits',
  'retention',
  'members',
  'tokens',
  'audit',
];

const steps = (page: Page) => page.getByRole('listbox', { name: 'Steps' }).getByRole('option');

describe('the pages', requires(chromiumProgram !== null, 'no Chromium'), () => {
  let dashboard: TestDashboard;
  let paths: Readonly<Record<string, string>>;
  let runs: readonly [string, string];
  let agent: string;
  beforeAll(async () => {
    dashboard = await openDashboard();
    agent = await makeAgent(dashboard, { name: 'Order desk', model: 'scripted/desk' });
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
    runs = [first, fork];
    const tools = await dashboard.server.call<{ data: { id: string }[] }>(
      'GET',
      `/v1/custom-tools?workspace_id=${dashboard.workspaceId}`,
    );
    const tests = await makeTests(dashboard, runs[0]);
    paths = {
      runs: '/runs',
      run: `/runs/${agent}/${runs[0]}`,
      conversation: `/runs/${agent}/${runs[0]}?tab=conversation`,
      trigger: `/runs/${agent}/${runs[0]}?tab=event`,
      children: `/runs/${head}/${asking}?tab=children`,
      compare: `/compare?agent=${agent}&left=${runs[0]}&right=${runs[1]}`,
      agents: '/agents',
      agent: `/agents/${agent}`,
      'new-agent': '/agents/new',
      playground: `/agents/${agent}?tab=playground`,
      versions: `/agents/${agent}?tab=versions`,
      tools: '/tools',
      tool: `/tools/${tools.body.data[0]?.id}`,
      'new-tool': '/tools/new',
      'tool-versions': `/tools/${tools.body.data[0]?.id}?tab=versions`,
      'tool-calls': `/tools/${tools.body.data[0]?.id}?tab=runs`,
      'test-run': `/tests/${tests.body.data.id}`,
      tests: '/tests',
      usage: '/usage',
      ...Object.fromEntries(settings.map((name) => [`settings-${name}`, `/settings/${name}`])),
      system: '/system',
    };
    await dashboard.signIn();
  });
  afterAll(() => dashboard[Symbol.asyncDispose]());

  const open = async (name: string) => {
    const path = paths[name] ?? '/';
    const places = dashboard.page.getByRole('navigation', { name: 'Settings' });
    // From one part of the settings to the next as people go, by its link: quicker than a new page.
    if (path.startsWith('/settings/') && (await places.count()) > 0) {
      await places.locator(`[href="${path}"]`).click();
      await places.locator(`[href="${path}"][aria-current=page]`).waitFor();
      await dashboard.page.waitForFunction(
        () => document.querySelector('[role=status][aria-label^=Loading]') === null,
      );
    } else {
      await openPage(dashboard.page, path);
    }
  };

  test('have no serious fault in either theme, and fit on a phone', async () => {
    const { page, browser } = dashboard;
    for (const name of Object.keys(paths)) {
      await open(name);
      await checkLooks(page, name, { dark: ['runs', 'run'], phone: ['runs', 'run'] });
    }
    expect(browser.complaints).toEqual([]);
  }, 180_000);

  test('say that they load, and what went wrong', async () => {
    const { page } = dashboard;
    const names = [
      'runs',
      'run',
      'compare',
      'agents',
      'agent',
      'versions',
      'tools',
      'tool',
      'tests',
      'test-run',
      'usage',
      'system',
      'settings-models',
    ];
    for (const name of names) {
      await checkLoadingAndFailure(page, paths[name] ?? '/');
    }
    for (const name of ['tool-versions', 'tool-calls']) {
      await checkLoadingAndFailure(
        page,
        paths[name] ?? '/',
        /\/custom-tools\/[^/]+\/(runs|versions)/,
      );
    }
    await openPage(page, '/settings/models');
    const links = page.getByRole('navigation', { name: 'Settings' });
    const others = settings.filter((name) => name !== 'models');
    await checkPlaces(
      page,
      others.map((name) => links.locator(`[href="/settings/${name}"]`)),
    );
  }, 60_000);

  test('say what to do when there is nothing', async () => {
    const { page, server } = dashboard;
    await server.call('POST', '/v1/workspaces', { name: 'Empty' });
    await page.goto('/runs');
    await page.getByLabel('Workspace').selectOption({ label: 'Empty' });
    await page.getByText('Four steps to the first run').waitFor();
    await shoot(page, 'first-start-light');
    for (const [path, words] of [
      ['/runs?status=failed', 'No run is like that'],
      ['/agents', 'No agent yet'],
      ['/tools', 'No tool yet'],
      ['/tests', 'No test case yet'],
      ['/usage', 'No budget yet'],
      ['/settings/models', 'No model of this workspace yet'],
      ['/settings/secrets', 'No secret yet'],
      ['/settings/mcp', 'No MCP server yet'],
      ['/settings/channels', 'No channel yet'],
      ['/settings/webhooks', 'Nobody is told'],
      ['/settings/alerts', 'No alert yet'],
      ['/settings/notifications', 'Nobody asked to be told'],
      ['/compare', 'Two runs are needed'],
      ['/nowhere', 'Nothing is here'],
    ] as const) {
      await page.goto(path);
      await page.getByText(words).waitFor();
      // Parts of the settings are of the same make.
      if (path.startsWith('/settings/')) continue;
      expect([path, await seriousFaults(page)]).toEqual([path, []]);
    }
    await page.goto('/runs');
    await page.getByLabel('Workspace').selectOption({ label: 'Default' });
  }, 60_000);

  test('let one add all that settings are made of', async () => {
    const { page } = dashboard;
    for (const addition of additions) {
      await page.goto(addition.at);
      await addByHand(page, addition);
    }
    await page.goto('/settings/prices');
    await page.getByRole('button', { name: 'Delete the price of openai/of-our-own' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('$1.25 in').waitFor({ state: 'detached' });
  }, 60_000);

  test('keep what is set: limits, retention, hosts of a tool, names in an agent, a changed case and its gate', async () => {
    const { page, server } = dashboard;
    await page.goto('/settings/limits');
    const atOnce = page.getByLabel('Runs at once');
    await setByHand(page, atOnce, '7');
    await page.goto('/settings/retention');
    const days = page.getByLabel('Logs: days');
    await setByHand(page, days, '30');
    await page.reload();
    await expect.poll(() => days.inputValue()).toBe('30');
    await page.goto('/settings/limits');
    await expect.poll(() => atOnce.inputValue()).toBe('7');
    await setByHand(page, atOnce, '');

    await page.goto('/tests');
    await addByHand(page, {
      button: 'Change An order that is late',
      fields: { Name: 'An order that is very late', 'Runs each time': '2' },
      shows: '2 times',
    });
    await page.getByLabel('Goes live only once its cases have passed').click();
    const gate = async () => {
      const { body } = await server.call<{ data: { test_gate: boolean } }>(
        'GET',
        `/v1/agents/${agent}`,
      );
      return body.data.test_gate;
    };
    await expect.poll(gate).toBe(true);
    await page.getByLabel('Goes live only once its cases have passed').click();
    await expect.poll(gate).toBe(false);

    await page.goto(`/agents/${agent}`);
    const approved = page.getByLabel('And calls of these tools');
    await approved.pressSequentially('refund, ');
    expect(await approved.inputValue()).toBe('refund, ');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => approved.inputValue()).toBe('');
    await page.getByRole('button', { name: 'Hosts' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    await dialog.getByLabel('Host', { exact: true }).fill('api.example.com');
    await dialog.getByLabel('GET').check();
    await dialog.getByLabel('Open to').selectOption({ label: 'This agent alone' });
    await dialog.getByLabel('Signed in by').selectOption({ label: 'A bearer token' });
    await dialog.getByLabel('Secret').selectOption({ label: 'SHOP_KEY' });
    await shoot(page, 'agent-hosts-light');
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { body } = await server.call<{ data: { hosts: object[] } }>(
      'GET',
      `/v1/tools/http-request?workspace_id=${dashboard.workspaceId}`,
    );
    const credential = { type: 'bearer', secret: 'SHOP_KEY' };
    expect(body.data.hosts).toEqual([
      { host: 'api.example.com', methods: ['GET'], agents: [agent], credential },
    ]);

    await server.call('PATCH', `/v1/agents/${agent}`, {
      actions: [{ id: 'say', type: 'respond', response: 'Done.' }],
    });
    await page.goto(`/agents/${agent}`);
    await page.getByRole('heading', { name: 'Chain' }).waitFor();
    await page.goto(`/agents/${agent}?tab=versions`);
    await page.getByRole('button', { name: /^Version 1/ }).click();
    await page.getByRole('button', { name: 'Bring it back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Bring it back' }).click();
    await page.getByText(/^What version \d+ changed$/).waitFor();
  }, 60_000);

  test('are operated by keyboard: rows of runs, steps of a run', async () => {
    const { page } = dashboard;
    await page.goto('/runs');
    const rows = page.getByRole('table', { name: 'Runs' }).getByRole('link');
    await rows.first().focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.closest('[data-row="3"]') !== null);
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => document.activeElement?.closest('[data-row="2"]') !== null);
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => document.activeElement?.closest('[data-row="3"]') !== null);
    await page.keyboard.press('Enter');
    await steps(page).first().click();
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-step') === '1');
    expect(await page.locator('[role=option][aria-selected=true]').textContent()).toContain(
      'order-status',
    );
    await dashboard.browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const output = page.getByRole('region', { name: 'Output', exact: true });
    await output.getByPlaceholder('Search').fill('shipped');
    await output.locator('mark').first().waitFor();
    await output.getByRole('button', { name: 'Copy output' }).click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toContain('Order A-17 is shipped');
    await page.getByRole('tab', { name: 'Logs' }).click();
    await page.getByText('looking up A-17').waitFor();
  });

  test('say why an event started a run, cancel it, run it again, and find it among the others', async () => {
    await cancelAndRetry(dashboard);
    await findAmongOthers(dashboard.page, { retried: 'Large desk: Large (event)', resolved: 4 });
  }, 60_000);

  test('show what a model wrote as text, and ask nobody else for anything', async () => {
    const { page, browser } = dashboard;
    const hostile = await makeAgent(dashboard, { name: 'Hostile', model: 'scripted/hostile' });
    const run = await dispatch(dashboard, hostile, 30);
    await page.goto(`/runs/${hostile}/${run}`);
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome.getByText('(evil.test)').waitFor();
    expect(hostileText).toContain('<script>');
    expect(await outcome.locator('img, script').count()).toBe(0);
    const link = outcome.getByRole('link');
    expect(await link.count()).toBe(1);
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    const own = new URL(dashboard.server.url).host;
    expect(browser.requested.filter((url) => URL.parse(url)?.host !== own)).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  test('of the documentation are served, as Markdown too, and the reference runs a script of ours', async () => {
    const { page, browser, server } = dashboard;
    const read = async (path: string) => await (await fetch(server.url + path)).text();
    const guide = readFileSync(join(repositoryRoot, 'docs', 'inbox.md'), 'utf8');
    expect(await read('/docs/inbox.md')).toBe(guide);
    expect(await read('/llms.txt')).toContain('/docs/inbox.md');
    await page.goto('/docs');
    await page.getByRole('link', { name: 'Inbox' }).first().click();
    await page.getByRole('heading', { level: 1, name: /^Inbox/ }).waitFor();
    await page.goto('/docs/reference');
    await page.locator('.opblock-tag').first().click();
    await page.locator('.opblock').first().waitFor();
    const own = new URL(server.url).host;
    expect(browser.requested.filter((url) => URL.parse(url)?.host !== own)).toEqual([]);
    // Swagger UI would animate by inline styles, which the policy stops, too; it works without.
    expect(browser.complaints.filter((text) => !text.includes('style-src'))).toEqual([]);
  });

  test('say that the server is away, and miss nothing of a run when it is back', async () => {
    const { page } = dashboard;
    const slow = await makeAgent(dashboard, { name: 'Slow', model: 'scripted/slow' });
    const run = await dispatch(dashboard, slow);
    await page.goto(`/runs/${slow}/${run}`);
    await page
      .getByRole('option', { name: /order-status/ })
      .first()
      .waitFor();
    await dashboard.stop();
    await page.getByText('The server does not answer.').waitFor();
    await dashboard.start();
    await page.getByText('The server is back.').waitFor();
    await page.getByText('Done at last.').first().waitFor({ timeout: 30_000 });
    const shown = await steps(page).allTextContents();
    const { body } = await dashboard.server.call<{ data: { name: string }[] }>(
      'GET',
      `/v1/agents/${slow}/runs/${run}/steps`,
    );
    expect(shown).toHaveLength(body.data.length);
    for (const [index, { name }] of body.data.entries()) expect(shown[index]).toContain(name);
  }, 90_000);
});
