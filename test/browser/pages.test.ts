import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { makePages } from './make-pages.ts';
import { chromiumProgram, seriousFaults } from './open-browser.ts';
import { openDashboard, type TestDashboard } from './open-dashboard.ts';
import { checkLoadingAndFailure, checkLooks, checkPlaces, openPage, shoot } from './page-checks.ts';

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

describe('the pages', requires(chromiumProgram !== null, 'no Chromium'), () => {
  let dashboard: TestDashboard;
  let paths: Readonly<Record<string, string>>;
  beforeAll(async () => {
    dashboard = await openDashboard();
    const { agent, runs, head, asking, tool, testRun } = await makePages(dashboard);
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
      tool: `/tools/${tool}`,
      'new-tool': '/tools/new',
      'tool-versions': `/tools/${tool}?tab=versions`,
      'tool-calls': `/tools/${tool}?tab=runs`,
      'test-run': `/tests/${testRun}`,
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
});
