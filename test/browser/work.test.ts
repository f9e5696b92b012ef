import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import {
  answerByKeyboard,
  approveByKeyboard,
  decideFieldsByKeyboard,
  type Messages,
} from './inbox-by-hand.ts';
import { makeWork, type TestWork, writes } from './make-work.ts';
import { chromiumProgram } from './open-browser.ts';
import { openDashboard, type TestDashboard } from './open-dashboard.ts';
import { checkLoadingAndFailure, checkLooks, openPage } from './page-checks.ts';
import { addByHand } from './settings-by-hand.ts';

// The pages where people work: the inbox, conversations, what agents know, what starts them.

describe('the pages of daily work', requires(chromiumProgram !== null, 'no Chromium'), () => {
  let dashboard: TestDashboard;
  let work: TestWork;
  beforeAll(async () => {
    dashboard = await openDashboard();
    work = await makeWork(dashboard);
    await dashboard.signIn();
  });
  afterAll(() => dashboard[Symbol.asyncDispose]());

  test('have no serious fault in either theme, and fit on a phone', async () => {
    const { page, browser } = dashboard;
    const paths = {
      inbox: '/inbox',
      approvals: '/inbox?show=approvals',
      'field-updates': `/inbox?show=fields&item=${work.fieldId}`,
      conversations: '/conversations',
      'one-conversation': `/conversations/${work.conversationId}`,
      contacts: '/contacts',
      contact: `/contacts/${work.contactId}`,
      knowledge: `/knowledge?node=${work.nodeId}`,
      'knowledge-search': '/knowledge?tab=search&q=when+do+orders+leave',
      'knowledge-gaps': '/knowledge?tab=gaps',
      skills: '/skills',
      skill: `/skills/${work.skillId}`,
      'skill-files': `/skills/${work.skillId}?tab=files`,
      'skill-versions': `/skills/${work.skillId}?tab=versions`,
      schedules: '/schedules',
      'scheduled-runs': '/schedules?tab=once',
      'trigger-events': '/trigger-events',
      'trigger-event': `/trigger-events/${work.eventId}`,
    };
    for (const [name, path] of Object.entries(paths)) {
      await openPage(page, path);
      await checkLooks(page, name, { dark: ['inbox'], phone: ['one-conversation'] });
    }
    expect(browser.complaints).toEqual([]);
  }, 180_000);

  test('answer an escalation by keyboard: the proposal, edited, is sent once', async () => {
    await answerByKeyboard(dashboard, work.conversationId);
  }, 60_000);

  test('decide an approval, and show how its run goes on', async () => {
    await approveByKeyboard(dashboard);
  }, 60_000);

  test('decide what is proposed for a ticket, by keyboard, and that nobody gets it', async () => {
    await decideFieldsByKeyboard(dashboard);
  }, 60_000);

  test('chat with an agent, whose words come as it says them', async () => {
    const { page, server, workspaceId } = dashboard;
    await server.call('PATCH', `/v1/agents/${work.desk}`, {
      operation_mode: 'autopilot',
      model: 'scripted/chatty',
    });
    await page.goto('/conversations');
    await page.getByRole('button', { name: 'Chat with an agent' }).click();
    await page.getByText('Who answers:').getByText('Shop desk').waitFor();
    await page.getByLabel('Message').fill('Where is it?');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('I look it up for you.').waitFor();
    await page.getByText('Your order is on its way.').waitFor();
    const { body } = await server.call<{ data: object[] }>(
      'GET',
      `/v1/conversations?workspace_id=${workspaceId}`,
    );
    expect(body.data).toHaveLength(2);
  }, 60_000);

  test('say that the server is away, and show what came meanwhile when it is back', async () => {
    const { page } = dashboard;
    await page.goto(`/conversations/${work.conversationId}`);
    await page.getByText('Yours, Grace.').waitFor();
    await dashboard.stop();
    await page.getByText('The server does not answer.').waitFor();
    const given = { channelId: work.chatChannel, from: 'Ada Lovelace', body: 'Thank you!' };
    await Promise.all([
      // It is said for a moment only.
      page.getByText('The server is back.').waitFor({ timeout: 60_000 }),
      dashboard.start().then(() => writes(dashboard, given)),
    ]);
    await page.getByText('Thank you!').first().waitFor();
    await page.getByText('Your order is on its way.').waitFor();
  }, 90_000);

  test('take in a file, find it, answer a gap, and say why an event started nothing', async () => {
    const { page } = dashboard;
    await page.goto('/knowledge');
    await page.getByLabel('Files to upload').setInputFiles({
      name: 'returns.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('# Returns\n\nParcels come back free of charge within thirty days.'),
    });
    await page.getByText('indexed', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Search' }).click();
    await page.getByLabel('Question').fill('are returned parcels free of charge');
    await page.keyboard.press('Enter');
    await page.getByText('Parcels come back free of charge').waitFor();
    await page.getByRole('tab', { name: 'Gaps' }).click();
    await page.getByRole('button', { name: 'Answer it' }).click();
    await page.getByRole('textbox', { name: 'Answer' }).fill('Gift cards are sold at the desk.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Gift cards are sold at the desk.').waitFor();
    await page.goto('/trigger-events?matched=no');
    await page.getByRole('link', { name: /order\.paid/ }).click();
    await page.getByText('it was 70').waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('button', { name: 'Replay it' }).click();
    await page.getByText('Replay of').waitFor();
  }, 60_000);

  test('edit a skill, bring its first version back, export it; schedule a run; write as a person', async () => {
    const { page, server } = dashboard;
    await page.goto(`/skills/${work.skillId}`);
    await page.getByLabel('Instructions, as Markdown').fill('Say sorry first.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 2').waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('Say sorry first.').waitFor();
    await page.getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('button', { name: 'Bring it back' }).click();
    await page.getByText('version 3', { exact: true }).waitFor();
    const downloaded = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    const archive = await (await downloaded).path();
    await page.goto('/skills');
    await page.getByLabel('Archive to import').setInputFiles({
      name: 'late-orders.zip',
      mimeType: 'application/zip',
      buffer: readFileSync(archive),
    });
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await page.getByRole('alert').getByText('late-orders').waitFor();
    await page.getByLabel('Replace the skill of the same name').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await page.getByRole('heading', { name: /^late-orders/ }).waitFor();

    await page.goto('/schedules?tab=once');
    await page.getByRole('button', { name: 'Schedule a run' }).first().click();
    await page.getByLabel('Agent', { exact: true }).last().selectOption({ label: 'Refund desk' });
    await page.getByLabel('Entity').fill('B-2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('about B-2').waitFor();

    await page.goto(`/conversations/${work.conversationId}`);
    await page.getByLabel('State').selectOption({ label: 'Follow up' });
    await page.getByRole('main').getByText('Follow up', { exact: true }).first().waitFor();
    await page.getByLabel('Message to them').fill('It is Grace again.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('list', { name: 'Messages' }).getByText('It is Grace again.').waitFor();
    const { body } = await server.call<Messages>(
      'GET',
      `/v1/conversations/${work.conversationId}/messages`,
    );
    expect(body.data[0]).toMatchObject({ direction: 'outbound', body: 'It is Grace again.' });
  }, 60_000);

  test('edit a contact, write to them, sort by a topic; write a page and edit it; send an event', async () => {
    const { page, server } = dashboard;
    await page.goto(`/contacts/${work.contactId}`);
    await addByHand(page, {
      button: 'Edit',
      fields: { 'Last name': 'Byron' },
      shows: 'Ada Byron',
    });
    await addByHand(page, {
      button: 'Write to them',
      fields: { Message: 'We found your parcel.' },
      save: 'Send',
      shows: 'We found your parcel.',
    });
    await page.goto('/conversations');
    await page.getByRole('button', { name: 'Topics' }).click();
    await page.getByLabel('New topic').fill('Lost parcels');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('listitem').getByText('Lost parcels').waitFor();
    await page.goto(`/conversations/${work.conversationId}`);
    await page.getByLabel('Lost parcels').click();
    const topics = async () => {
      const { body } = await server.call<{ data: { tag_ids: string[] } }>(
        'GET',
        `/v1/conversations/${work.conversationId}`,
      );
      return body.data.tag_ids.length;
    };
    await expect.poll(topics).toBe(1);

    await page.goto('/knowledge');
    await addByHand(page, {
      button: 'Write',
      fields: { Title: 'Opening hours', 'Text, as Markdown': 'The desk opens at nine.' },
      shows: 'The desk opens at nine.',
    });
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Text', { exact: true }).fill('The desk opens at ten.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The desk opens at ten.').first().waitFor();

    await page.goto('/trigger-events');
    await addByHand(page, {
      button: 'Send an event',
      fields: { Name: 'order.paid', Entity: 'A-19', 'Payload, as JSON': '{"total": 12}' },
      save: 'Send',
      shows: 'it was 12',
    });
  }, 60_000);

  test('say that they load, what went wrong, and what to do when there is nothing', async () => {
    const { page, server } = dashboard;
    for (const path of [
      '/inbox',
      `/inbox?item=${work.escalationId}`,
      '/conversations',
      `/conversations/${work.conversationId}`,
      '/contacts',
      `/contacts/${work.contactId}`,
      '/knowledge',
      '/skills',
      `/skills/${work.skillId}`,
      '/schedules?tab=once',
      '/trigger-events',
      `/trigger-events/${work.eventId}`,
    ]) {
      await checkLoadingAndFailure(page, path);
    }
    for (const [path, requests] of [
      ['/inbox?show=approvals', /\/v1\/approvals/],
      [`/inbox?show=fields&all=true&item=${work.fieldId}`, /\/v1\/field-decisions/],
      [`/knowledge?node=${work.nodeId}`, new RegExp(`/v1/kb/nodes/${work.nodeId}`)],
      ['/knowledge?tab=search&q=when+do+orders+leave', /\/v1\/kb\/search/],
      ['/knowledge?tab=gaps', /\/v1\/kb\/gaps/],
      [`/skills/${work.skillId}?tab=files`, /\/v1\/skills\/[^/]+\/files/],
      [`/skills/${work.skillId}?tab=versions`, /\/v1\/skills\/[^/]+\/versions/],
      ['/schedules', /\/v1\/agents/],
    ] as const) {
      await checkLoadingAndFailure(page, path, requests);
    }
    await server.call('POST', '/v1/workspaces', { name: 'Empty' });
    await page.goto('/inbox');
    await page.getByLabel('Workspace').selectOption({ label: 'Empty' });
    for (const [path, words] of [
      ['/inbox', 'Nobody waits for you'],
      ['/inbox?show=approvals', 'Nothing waits for approval'],
      ['/inbox?show=fields', 'Nothing is proposed'],
      ['/conversations', 'No conversation yet'],
      ['/contacts', 'No contact yet'],
      ['/knowledge', 'No knowledge yet'],
      ['/knowledge?tab=gaps', 'No gap is known'],
      ['/skills', 'No skill yet'],
      ['/schedules', 'Nothing runs by the clock yet'],
      ['/schedules?tab=once', 'No run is scheduled'],
      ['/trigger-events', 'Nothing has fired yet'],
    ] as const) {
      await page.goto(path);
      await page.getByText(words).waitFor();
    }
    await page.getByLabel('Workspace').selectOption({ label: 'Default' });
  }, 90_000);

  test('offer a viewer nothing that a viewer may not do', async () => {
    const { page, server, workspaceId } = dashboard;
    const { body } = await server.call<{ data: { invitation: string } }>(
      'POST',
      `/v1/workspaces/${workspaceId}/users`,
      { email: 'viewer@example.com', role: 'viewer' },
    );
    await writes(dashboard, { channelId: work.chatChannel, from: 'Bob', body: 'Anybody there?' });
    await page.evaluate(async (invitation) => {
      const answer = await fetch('/v1/session/invitation', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ invitation, password: 'only to look at things' }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    }, body.data.invitation);
    const main = page.getByRole('main');
    const looks = /^(Keys: \?|Copy|Earlier|What is in|SKILL\.md|Compare|[{[])/;
    for (const path of [
      `/inbox?item=${work.escalationId}&all=true`,
      `/inbox?show=approvals&all=true&item=${work.approvalId}`,
      `/inbox?show=fields&all=true&item=${work.fieldId}`,
      '/conversations',
      `/conversations/${work.conversationId}`,
      `/contacts/${work.contactId}`,
      `/knowledge?node=${work.nodeId}`,
      `/skills/${work.skillId}`,
      '/schedules?tab=once',
      `/trigger-events/${work.eventId}`,
    ]) {
      await openPage(page, path);
      const names = await main
        .getByRole('button')
        .evaluateAll((buttons) =>
          buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent.trim()),
        );
      expect([path, names.filter((name) => !looks.test(name))]).toEqual([path, []]);
    }
  }, 60_000);
});
