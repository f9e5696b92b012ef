import { expect } from 'vitest';
import type { TestDashboard } from './open-dashboard.ts';

// What people do in the inbox: answer for an agent, let its run go on, and say what a field is to hold.

/** Messages of a conversation, as the API gives them. */
export interface Messages {
  readonly data: readonly { readonly body: string; readonly direction: string }[];
}

/** The proposed reply of the only escalation, edited and sent by keyboard alone. */
export async function answerByKeyboard(
  dashboard: TestDashboard,
  conversationId: string,
): Promise<void> {
  const { page, server } = dashboard;
  await page.goto('/runs');
  await page.getByRole('link', { name: /^Inbox 4 open/ }).click();
  await page.getByRole('heading', { name: 'Shop desk' }).waitFor();
  await page.getByText('Hello! Where is my order A-17?').last().waitFor();
  await page.getByRole('option', { name: /scripted\/copilot/ }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys of the inbox' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('t');
  await page.getByRole('button', { name: 'Give it back' }).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('button', { name: 'Take over' }).waitFor();
  await page.keyboard.press('e');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Yours, Grace.');
  await page.getByRole('button', { name: 'Send as edited' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Answered.').waitFor();
  await page.getByText('sent', { exact: true }).waitFor();
  await page.getByText('Nobody waits for you').waitFor();
  const { body } = await server.call<Messages>(
    'GET',
    `/v1/conversations/${conversationId}/messages?order=asc`,
  );
  expect(body.data.map(({ direction, body: text }) => [direction, text])).toEqual([
    ['inbound', 'Hello! Where is my order A-17?'],
    ['outbound', 'Order A-17 left us this morning. It is with you by Friday. Yours, Grace.'],
  ]);
}

/** The only approval, by keyboard; its run goes on beside it. */
export async function approveByKeyboard({ page }: TestDashboard): Promise<void> {
  await page.goto('/inbox?show=approvals');
  await page.getByRole('heading', { name: /^Refund desk/ }).waitFor();
  await page.getByRole('option', { name: /scripted\/refund/ }).waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('Enter');
  await page.getByText(/^approved by/i).waitFor();
  await page.getByText('Resolved', { exact: true }).waitFor();
  await page.getByText('Nothing waits for approval').waitFor();
}

/** What is proposed for a ticket: its priority is taken, and nobody gets it. Both are found again. */
export async function decideFieldsByKeyboard(dashboard: TestDashboard): Promise<void> {
  const { page, server } = dashboard;
  await page.goto('/inbox?show=approvals');
  await page.getByText('Nothing waits for approval').waitFor();
  await page.keyboard.press('o');
  await page.getByRole('list', { name: 'Items' }).getByText('Nobody on the floor').click();
  await page.getByText('Work stands still.').waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('Enter');
  await page.getByText(/^accepted by/i).waitFor();
  await page.getByRole('list', { name: 'Items' }).getByText('Knows the network.').click();
  await page.getByText('90 of 100').waitFor();
  await page.keyboard.press('e');
  await page.keyboard.type('t9');
  await page.getByRole('button', { name: 'Write this instead' }).click();
  await page.getByText('must be a technician of the workspace, not t9').waitFor();
  await page.getByLabel('Nobody').check();
  await page.getByRole('button', { name: 'Write this instead' }).click();
  await page.getByText(/^overridden by/i).waitFor();
  await page.getByText('Nothing is proposed').waitFor();
  const { body } = await server.call<{ data: object }>('GET', '/v1/records/psa-ticket/T-77');
  expect(body.data).toMatchObject({ priority: 'high', owner_id: null });
  await page.getByLabel('Decided ones too').check();
  await page.getByRole('list', { name: 'Items' }).getByText('overridden').waitFor();
  await page.getByLabel('Agent', { exact: true }).selectOption({ label: 'Refund desk' });
  await page.getByText('Of what is filtered here, that is.').waitFor();
}
