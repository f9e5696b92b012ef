import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { chromiumProgram } from './open-browser.ts';
import { openDashboard, orderTool, type TestDashboard } from './open-dashboard.ts';

// From a server without anything to a compared fork, by hand as a person would.

describe('the dashboard', requires(chromiumProgram !== null, 'no Chromium'), () => {
  let dashboard: TestDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(() => dashboard[Symbol.asyncDispose]());

  test('leads from sign-in by a tool and an agent to a run, a fork and a comparison', async () => {
    const { page, browser } = dashboard;
    await page.goto('/');
    await page.getByLabel('Token').fill('capi_nobody_has_this_token_0000000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The token is not valid').waitFor();
    await dashboard.signIn();
    const storage = await page.evaluate(() =>
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    );
    expect(storage).not.toContain('capi_');

    await page.getByText('Four steps to the first run').waitFor();
    await page.getByRole('link', { name: 'Write a tool' }).click();
    await page.getByLabel('Name', { exact: true }).fill('order-status');
    await page.getByLabel('Description').fill('Says where an order is.');
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+A');
    expect(browser.complaints).toEqual([]);
    await page.keyboard.insertText(orderTool);
    // Chromium itself styles text that is put over a selection; the policy stops it, and nothing is lost.
    await page.getByText('carrier').waitFor();
    const whileTyping = browser.complaints.length;
    await page
      .getByLabel('Parameters, as JSON')
      .fill('{"order_id": {"type": "string", "required": true}}');
    await page.getByRole('button', { name: 'Create tool' }).click();
    await page.getByText('version 1').waitFor();
    await page.getByLabel('Parameters of the call, as JSON').fill('{"order_id": "B-2"}');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Order B-2 is shipped').waitFor();
    await page.getByText('looking up B-2').waitFor();

    await page.getByRole('link', { name: 'Agents' }).first().click();
    await page.getByRole('button', { name: 'New agent' }).first().click();
    await page.getByLabel('Name', { exact: true }).first().fill('Order desk');
    await page.getByLabel('Description', { exact: true }).fill('Tells where orders are.');
    await page.getByLabel('Instructions').fill('Look the order up.');
    await page.reload();
    await page.getByText('Unsaved changes of an earlier visit are shown.').waitFor();
    expect(await page.getByLabel('Instructions').inputValue()).toBe('Look the order up.');
    await page.getByLabel(/^order-status/).check();
    await page.getByRole('button', { name: 'Create agent' }).click();

    await page.getByLabel('Payload, as JSON').fill('{"order_id": "A-17"}');
    await page.getByRole('button', { name: 'Dispatch' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('option', { name: /order-status/ }).waitFor();
    await page.getByText('Order A-17 is on its way.').first().waitFor();
    await page.getByRole('link', { name: 'Open the run' }).click();

    await page.getByRole('option', { name: /order-status/ }).click();
    await page.getByText('Order A-17 is shipped').waitFor();
    expect(page.url()).toMatch(/step=\d+/);
    await page.getByRole('button', { name: 'Fork from here' }).click();
    await page.getByLabel('Give the tool’s result instead of calling it').check();
    await page.getByLabel('Result, as JSON').fill('{"message": "Order A-17 is lost"}');
    await page.getByLabel('Instructions').fill('Look the order up, and say sorry.');
    const forked = page.waitForURL((url) => !url.searchParams.has('step'));
    await page.getByRole('button', { name: 'Start the fork' }).click();
    await forked;
    await page.getByText('edited').waitFor();
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome.getByText('Order A-17 is on its way.').waitFor();

    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'The run that it was forked from' }).click();
    await page.getByText('They part at the 2nd step').waitFor();
    await page.getByText('Order A-17 is lost').first().waitFor();
    expect(browser.complaints.slice(whileTyping)).toEqual([]);
  }, 60_000);

  test('signs out, and what was open is closed to whoever comes next', async () => {
    const { page } = dashboard;
    await dashboard.browser.context.clearCookies();
    await dashboard.signIn();
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto('/settings');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
