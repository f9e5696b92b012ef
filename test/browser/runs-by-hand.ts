import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeAgent, type TestDashboard } from './open-dashboard.ts';

// What people do with runs: ask why one is there, end it, begin it anew, and find one among many.

const rowsOf = (page: Page): Locator => page.getByRole('table', { name: 'Runs' }).getByRole('link');

/** An event that an agent waits for starts a run; it is cancelled, and run again. */
export async function cancelAndRetry(dashboard: TestDashboard): Promise<void> {
  const { page, server, workspaceId } = dashboard;
  const filter = [{ field: 'total', op: 'gt', value: 100 }];
  const large = await makeAgent(dashboard, {
    name: 'Large desk',
    model: 'scripted/slow',
    triggers: [{ type: 'event', name: 'Large', config: { event: 'order.paid', filter } }],
  });
  await server.call('POST', `/v1/events?workspace_id=${workspaceId}`, {
    type: 'order.paid',
    payload: { total: 170, note: 'Please hurry. '.repeat(200) },
  });
  await page.goto('/runs');
  await page.getByLabel('Agent').selectOption(large);
  await page.waitForURL((url) => url.searchParams.has('agent'));
  await expect.poll(() => rowsOf(page).count(), { timeout: 20_000 }).toBe(1);
  await rowsOf(page).first().click();
  await page.getByRole('tab', { name: 'Trigger' }).click();
  await page.getByText('total gt 100').first().waitFor();
  await page.getByRole('button', { name: /more characters/ }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  const cancelled = page.url();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL((url) => !cancelled.includes(url.pathname));
  // It was queued when the page first saw it.
  await page.getByText('Running', { exact: true }).waitFor();
}

/** Narrows the list by all that it can be narrowed by. `resolved`: how many runs are. */
export async function findAmongOthers(
  page: Page,
  { retried, resolved }: { readonly retried: string; readonly resolved: number },
): Promise<void> {
  await page.goto('/runs');
  const narrow = async (label: string, option: string, count: number) => {
    await page.getByLabel(label, { exact: true }).selectOption({ label: option });
    await expect.poll(() => rowsOf(page).count(), { message: option, timeout: 20_000 }).toBe(count);
  };
  await narrow('Trigger', retried, 2);
  await narrow('Status', 'Failed', 1);
  await page.getByRole('button', { name: 'Clear' }).click();
  await narrow('Disposition', 'Resolved', resolved);
  await page.getByLabel('Text in answer, error or reason').fill('on its way');
  await page.getByLabel('Cost from, $').fill('0.0001');
  await page.waitForURL((url) => url.searchParams.has('q') && url.searchParams.has('cost'));
  await narrow('Started', 'Between …', resolved);
  await page.getByText(/^Started from .* to now$/).waitFor();
  await page.getByLabel('To', { exact: true }).fill('2020-01-01T00:00');
  await page.getByText('not after “From”').waitFor();
  await page.getByText('No time is between').waitFor();
  await page.getByLabel('From', { exact: true }).fill('2019-01-01T00:00');
  await page.getByText('No run is like that').waitFor();
}
