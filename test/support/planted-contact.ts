import { expect } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import type { Indexer } from '../../src/knowledge/indexer.ts';
import { recordInbound } from '../../src/store/inbound.ts';
import type { TestApi } from './api.ts';
import type { ApiObjects } from './api-objects.ts';
import { insertChannelRow } from './channels.ts';

/** What the hash of every token of theirs begins with. */
export const hashOfPlanted = 'Hash of a secret';

interface PlantedIn {
  readonly api: TestApi;
  readonly objects: ApiObjects;
  readonly indexer: Indexer;
}

/** Somebody who wrote from the address, and everything that can come of it, with the word in every text. */
export async function plantContact(
  { api, objects, indexer }: PlantedIn,
  word: string,
  value: string,
): Promise<string> {
  const { db } = api.deps;
  const { agent, tool, webhook, alert, testRun } = objects;
  const workspaceId = api.workspace.id;
  const sql = (text: string, ...values: unknown[]) => db.execute({ text, values });
  const channel = await insertChannelRow(db, workspaceId, {
    ...{ type: 'email', name: 'Mail', channel: 'email' },
  });
  const inbound = await recordInbound(db, {
    channel,
    externalId: `${word} external`,
    threadKey: `${word} thread`,
    contact: { value, scope: '', firstName: word, lastName: word },
    sender: { externalId: word, name: word },
    subject: word,
    body: `${word} asks`,
    wantsReply: true,
  });
  const conversation = inbound.conversationId;
  const [row] = await db.query<{ contact_id: string }>({
    text: 'SELECT contact_id FROM conversations WHERE id = $1',
    values: [conversation],
  });
  const contact = row?.contact_id ?? '';
  await sql(
    `INSERT INTO attachments (id, workspace_id, conversation_id, message_id, position, name, media_type, size_bytes, body)
     VALUES ($1, $2, $3, $4, 1, $5, 'text/plain', 5, $6)`,
    ...[newId('attachment'), workspaceId, conversation, inbound.messageId, word, Buffer.from(word)],
  );
  await sql(
    `INSERT INTO chat_sessions (id, workspace_id, agent_id, title, instructions) VALUES ($1, $2, $3, $4, $4)`,
    ...[conversation, workspaceId, agent, word],
  );
  await sql(
    `INSERT INTO chat_tokens (id, session_id, workspace_id, secret_hash, end_user, end_user_email, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now() + interval '1 hour')`,
    ...[
      newId('token'),
      conversation,
      workspaceId,
      Buffer.from(`${hashOfPlanted} of ${word}`),
      word,
      value,
    ],
  );
  await sql(
    `INSERT INTO chat_uploads (id, session_id, filename, media_type, alt) VALUES ($1, $2, $3, 'image/png', $3)`,
    ...[newId('attachment'), conversation, word],
  );
  await sql(
    `INSERT INTO named_threads (workspace_id, space, name, session_id, metadata) VALUES ($1, 'x', $2, $3, $4),
      ($1, 'x', $5, NULL, $4)`,
    ...[workspaceId, word, conversation, JSON.stringify({ word, value }), newId('unit')],
  );
  await sql(
    'INSERT INTO store_items (workspace_id, namespace, key, value) VALUES ($1, $2, $3, $4)',
    ...[workspaceId, ['guests', word], newId('unit'), JSON.stringify({ word, value })],
  );
  const dispatched = async (payload: unknown) => {
    const { json } = await api.request('POST', `/v1/agents/${agent}/run`, { body: { payload } });
    return json.data as { readonly id: string; readonly trigger_event_id: string };
  };
  const run = await dispatched({ contact_id: contact, conversation_id: conversation, said: word });
  // Each is found by another way: a parent, a fork, an event that the run caused, an address in a tool's answer.
  const child = await dispatched({ said: word });
  await sql('UPDATE runs SET parent_run_id = $2 WHERE id = $1', child.id, run.id);
  const grandchild = await dispatched({ said: word });
  await sql('UPDATE runs SET forked_from = $2 WHERE id = $1', grandchild.id, child.id);
  const caused = await dispatched({ said: word });
  await sql(
    'UPDATE trigger_events SET caused_by_run = $2 WHERE id = $1',
    ...[caused.trigger_event_id, grandchild.id],
  );
  const looked = await dispatched({});
  for (const one of [run, child, grandchild, caused, looked]) {
    await sql(
      `INSERT INTO journal (run_id, seq, unit_id, step, type, state, data) VALUES ($1, 1, $2, 1, 'tool', 'done', $3)`,
      ...[one.id, newId('unit'), JSON.stringify({ outputJson: `${word} ${value}` })],
    );
    await sql('UPDATE runs SET last_seq = 1 WHERE id = $1', one.id);
  }
  await sql(
    `INSERT INTO spills (run_id, id, step, size_bytes, body, named) VALUES ($1, $2, 1, 5, $3, true)`,
    ...[run.id, newId('spill'), Buffer.from(word)],
  );
  await sql('INSERT INTO run_chunks VALUES ($1, 1, 1, 1, $2)', run.id, word);
  await sql(
    `INSERT INTO escalations (id, workspace_id, run_id, agent_id, conversation_id, contact_id, read_rev, disposition,
       guest_message, proposed_response) VALUES ($1, $2, $3, $4, $5, $6, 1, 'escalated', $7, $7)`,
    ...[newId('escalation'), workspaceId, run.id, agent, conversation, contact, word],
  );
  await sql(
    `INSERT INTO approvals (id, workspace_id, run_id, agent_id, step, kind, question, proposal, approvers, on_expiry,
       expires_at) VALUES ($1, $2, $3, $4, 1, 'request', $5, '{}', '{}', 'reject', now() + interval '1 day')`,
    ...[newId('approval'), workspaceId, child.id, agent, word],
  );
  // Not about them: only what is planted for it here names them.
  const { id: passing } = await dispatched({});
  const record = newId('record');
  await sql(
    `INSERT INTO records (id, workspace_id, kind, source, external_id, data, contact_id, source_hash, rev, at) VALUES
       ($1, $2, 'psa-ticket', 'psa', $3, $4, $5, '', 1, now()), ($6, $2, 'psa-contact', $8, $7, '{}', NULL, '', 1, now())`,
    ...[record, workspaceId, newId('unit'), JSON.stringify({ word }), contact],
    ...[newId('record'), value, newId('unit')],
  );
  for (const [runId, recordId, current, options] of [
    [child.id, newId('record'), word, '[]'],
    [passing, record, word, '[]'],
    [passing, newId('record'), '', JSON.stringify([{ id: '1', name: `${word} at ${value}` }])],
  ] as const) {
    await sql(
      `INSERT INTO field_decisions (id, workspace_id, run_id, agent_id, call_key, purpose, kind, entity_id, record_id,
         field, is_custom_field, should_update, current_value, proposed_value, justification, options, status)
       VALUES ($1, $2, $3, $4, $1, 'field', 'psa-ticket', 'x', $5, 'summary', false, true, $6, '""', '', $7, 'proposed')`,
      ...[newId('fieldDecision'), workspaceId, runId, agent, recordId, JSON.stringify(current)],
      options,
    );
  }
  for (const [runId, machine, output] of [
    [run.id, 'pc1', word],
    [passing, value, word],
    [passing, 'pc1', `${word} is at ${value}`],
  ] as const) {
    await sql(
      `INSERT INTO script_runs (id, workspace_id, run_id, agent_id, call_key, script_id, script_name, machine_id,
         tool_name, input, output, status) VALUES ($1, $2, $3, $4, $1, 's', 's', $5, 't', '{}', $6, 'done')`,
      ...[newId('scriptRun'), workspaceId, runId, agent, machine, JSON.stringify(output)],
    );
  }
  await sql(
    `INSERT INTO run_feedback (run_id, given_by, workspace_id, rating, comment) VALUES ($1, $2, $3, 'bad', $4)`,
    ...[passing, value, workspaceId, word],
  );
  await sql(
    `INSERT INTO memories (id, workspace_id, agent_id, entity_id, content, pinned) VALUES
       ($1, $2, $3, $4, $5, false), ($6, $2, $3, NULL, $7, false)`,
    ...[newId('memory'), workspaceId, agent, contact, word, newId('memory'), `${word} at ${value}`],
  );
  await sql(
    `INSERT INTO kb_gaps (id, workspace_id, run_id, agent_id, call_key, query) VALUES ($1, $2, $3, $4, $1, $5)`,
    ...[newId('knowledgeGap'), workspaceId, run.id, agent, word],
  );
  await sql(
    `INSERT INTO scheduled_runs (id, workspace_id, agent_id, scheduled_for, payload, entity_id, due_at)
     VALUES ($1, $2, $3, '2035-01-01', $4, $5, '2035-01-01')`,
    ...[newId('schedule'), workspaceId, agent, JSON.stringify({ said: word }), contact],
  );
  await sql(
    `INSERT INTO tool_runs (id, tool_id, tool_version, status, input) VALUES ($1, $2, 1, 'done', $3)`,
    ...[newId('toolRun'), tool, JSON.stringify({ word, value })],
  );
  await sql(
    `INSERT INTO insight_analyses (id, workspace_id, period_days, hourly_rate, result) VALUES ($1, $2, 1, 0, $3)`,
    ...[newId('insightAnalysis'), workspaceId, JSON.stringify({ sample: [{ entity_id: value }] })],
  );
  await sql(
    `INSERT INTO internal_events (id, workspace_id, type, payload, entity_id, due_at) VALUES ($1, $2, $3, $4, $5, '2035-01-01')`,
    ...[newId('unit'), workspaceId, 'conversation.done', JSON.stringify({ word }), conversation],
  );
  await sql(
    `INSERT INTO webhook_messages (id, workspace_id, type, body) VALUES ($1, $2, 'run.completed', $3)`,
    ...[newId('webhookMessage'), workspaceId, JSON.stringify({ id: run.id, word })],
  );
  await sql(
    `INSERT INTO webhook_deliveries (id, workspace_id, webhook_id, message_id, state)
     SELECT $1, $2, $3, id, 'delivered' FROM webhook_messages WHERE body LIKE $4`,
    ...[newId('webhookDelivery'), workspaceId, webhook, `%${word}%`],
  );
  await sql(
    `INSERT INTO idempotency_keys (workspace_id, route, key, body_hash, status, response) VALUES ($1, 'r', $2, '', 201, $3)`,
    ...[workspaceId, newId('unit'), JSON.stringify({ contact, word })],
  );
  await sql(
    `INSERT INTO alert_notices (id, rule_id, channel, target, subject, body) VALUES ($1, $2, 'email', 'ops', 's', $3)`,
    ...[newId('unit'), alert, `${run.id} failed: ${word}`],
  );
  const testCase = newId('testCase');
  await sql(
    `INSERT INTO test_cases (id, workspace_id, agent_id, name, description, definition, from_run_id)
     VALUES ($1, $2, $3, $4, $4, $5, $6)`,
    ...[testCase, workspaceId, agent, word, JSON.stringify({ word }), run.id],
  );
  await sql(
    `INSERT INTO test_run_cases (test_run_id, n, case_id, name, revision, definition) VALUES ($1, $2, $3, $4, 1, $4)`,
    ...[testRun, word.length + 100, testCase, word],
  );
  const node = { title: `About ${word}`, body: `${word} likes tea.`, entity_ids: [contact] };
  const added = await api.request('POST', '/v1/kb/nodes', { body: node });
  expect(added.status).toBe(201);
  indexer.nudge();
  await indexer.settled();
  return contact;
}
