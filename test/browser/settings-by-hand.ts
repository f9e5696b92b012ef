import type { Locator, Page } from 'playwright-core';

// What dialogs and cards let one add and change, done as a person does it; and all that the settings are made of.

interface Addition {
  readonly button: string;
  readonly fields: Readonly<Record<string, string>>;
  /** By default “Save”. */
  readonly save?: string;
  /** Chosen by their labels. */
  readonly select?: Readonly<Record<string, string>>;
  /** Shown once it is there. */
  readonly shows: string;
  /** Shown this once, before. */
  readonly once?: RegExp;
}

export const additions: readonly (Addition & { readonly at: string })[] = [
  {
    at: '/settings/prices',
    button: 'Set a price',
    fields: { Model: 'openai/of-our-own', Input: '1.25', Output: '5', Source: 'a letter' },
    shows: '$1.25 in, $5 out',
  },
  {
    at: '/settings/secrets',
    button: 'Add a secret',
    fields: { Name: 'MAIL_KEY', Value: 'only once' },
    shows: 'MAIL_KEY',
  },
  {
    at: '/settings/mcp',
    button: 'Add a server',
    fields: { Name: 'tracker', Address: 'https://mcp.example.com/tracker' },
    shows: 'mcp.example.com/tracker',
  },
  {
    at: '/settings/channels',
    button: 'Add a channel',
    fields: { Name: 'Second shop' },
    select: { Type: 'Chat, by the API' },
    shows: 'Second shop',
  },
  {
    at: '/settings/webhooks',
    button: 'Add a webhook',
    fields: { Address: 'https://example.com/second', Description: 'For the other desk' },
    shows: 'For the other desk',
    once: /^whsec_/,
  },
  {
    at: '/settings/alerts',
    button: 'Add an alert',
    fields: { Name: 'The queue is long', 'Longer than, in seconds': '30' },
    select: { When: 'Runs wait too long' },
    shows: 'The queue is long',
  },
  {
    at: '/settings/members',
    button: 'Add a member',
    fields: { Address: 'grace@example.com' },
    save: 'Add them',
    select: { Role: 'Operator' },
    shows: 'grace@example.com',
    once: /\/invitation#/,
  },
  {
    at: '/settings/notifications',
    button: 'Add a notification',
    fields: { Address: 'https://example.com/desk', 'At most one message in, minutes': '10' },
    select: { Who: 'grace@example.com', By: 'webhook' },
    shows: 'hand-overs, approvals, at most every 10 minutes',
    once: /^whsec_/,
  },
  {
    at: '/settings/tokens',
    button: 'New token',
    fields: { Name: 'For the desk' },
    save: 'Make it',
    shows: 'For the desk',
    once: /^capi_/,
  },
  {
    at: '/usage',
    button: 'Add a budget',
    fields: { 'Cost, $': '5' },
    select: { 'In each': 'day (UTC)' },
    shows: 'The whole workspace, each day',
  },
];

/** Opens the dialog, fills it in, saves it, and waits until what was added is shown. */
export async function addByHand(page: Page, addition: Addition): Promise<void> {
  const { button, fields, select = {}, save = 'Save', shows, once } = addition;
  await page.getByRole('main').getByRole('button', { name: button }).first().click();
  const dialog = page.getByRole('dialog');
  for (const [label, option] of Object.entries(select)) {
    await dialog.getByLabel(label, { exact: true }).selectOption({ label: option });
  }
  for (const [label, text] of Object.entries(fields)) {
    await dialog.getByLabel(label, { exact: true }).fill(text);
  }
  await dialog.getByRole('button', { name: save, exact: true }).click();
  if (once !== undefined) {
    await dialog.getByText(once).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  }
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('main').getByText(shows).first().waitFor();
}

/** Fills in a field of a card and saves the card: it is saved before anything else is done. */
export async function setByHand(page: Page, field: Locator, text: string): Promise<void> {
  await field.fill(text);
  const save = page
    .getByRole('main')
    .locator('section')
    .filter({ has: field })
    .getByRole('button', { name: 'Save' });
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() !== 'GET'),
    save.click(),
  ]);
  if (!answer.ok()) throw new Error(`It was not saved: ${await answer.text()}`);
}
