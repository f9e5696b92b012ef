import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { makeFilesAndFeedback, makePages } from './make-pages.ts';
import { chromiumProgram, seriousFaults } from './open-browser.ts';
import {
  dispatch,
  hostileText,
  makeAgent,
  openDashboard,
  type TestDashboard,
} from './open-dashboard.ts';
import { shoot } from './page-checks.ts';
import { cancelAndRetry, findAmongOthers } from './runs-by-hand.ts';
import { addByHand, additions, setByHand } from './settings-by-hand.ts';

// What people do with runs, agents and settings, by mouse and keyboard, and what strangers wrote.

const steps = (page: Page) => page.getByRole('listbox', { name: 'Steps' }).getByRole('option');

describe('the pages in use', requires(chromiumProgram !== null, 'no Chromium'), () => {
  let dashboard: TestDashboard;
  let agent: string;
  beforeAll(async () => {
    dashboard = await openDashboard();
    ({ agent } = await makePages(dashboard));
    await dashboard.signIn();
  });
  afterAll(() => dashboard[Symbol.asyncDispose]());

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

  test('show the files of a run and what people said of it as text, and give files as downloads', async () => {
    const { page, server, browser } = dashboard;
    const { agentId, runId } = await makeFilesAndFeedback(dashboard);
    await page.goto(`/runs/${agentId}/${runId}`);
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome.getByText('Not good, by the link for ada@example.com: <b>Late</b>').waitFor();
    await page.getByRole('option', { name: /order-report/ }).click();
    const files = page.getByRole('region', { name: 'Files' });
    const download = page.waitForEvent('download');
    await files.getByRole('link', { name: 'report.html' }).click();
    expect((await download).suggestedFilename()).toBe('report.html');
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(hostileText);
    expect(await seriousFaults(page)).toEqual([]);
    expect(new URL(page.url()).host).toBe(new URL(server.url).host);
    expect(browser.complaints).toEqual([]);
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
