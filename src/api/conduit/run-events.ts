import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { stringifyJson } from '../../core/raw-json.ts';
import type { Run } from '../../core/run.ts';
import { stepsOf } from '../../runs/steps.ts';
import { watchRun } from '../../runs/watch.ts';
import { readJournal } from '../../store/journal.ts';
import type { ApiDeps } from '../deps.ts';
import { eventStream, type ServerSentEvent } from '../event-stream.ts';
import { findRunOfAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { runParams } from './run-params.ts';
import { showRunSummary, showStep } from './run-view.ts';

export const streamRunEvents = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/runs/{run_id}/events',
    operationId: 'streamAgentRunEvents',
    tag: 'agents',
    summary: 'Follow a run',
    description:
      'Server-sent events: `step` with a step as it stands after each of its changes, then `end` with the run. Resumes after `Last-Event-ID`.',
    resource: 'run',
    right: 'read',
    workspace: { from: 'query', need: 'optional' },
    params: runParams,
    query: z.object({
      last_event_id: z
        .string()
        .optional()
        .openapi({ description: 'For clients that cannot set the header.' }),
    }),
    responses: { 200: { description: 'Events of the run', contentType: 'text/event-stream' } },
  },
  async ({ params, query, scope, signal, http }, deps) => {
    const run = await findRunOfAgent(deps, scope, params);
    const afterSeq = readLastEventId(http.req.header('last-event-id') ?? query.last_event_id);
    return eventStream(http, signal, (gone) => eventsOf(deps, { run, afterSeq, signal: gone }));
  },
);

async function* eventsOf(
  deps: ApiDeps,
  { run, afterSeq, signal }: { run: Run; afterSeq: number; signal: AbortSignal },
): AsyncGenerator<ServerSentEvent> {
  // A step's state is all its entries, those before the resumed position too.
  const entries: JournalEntry[] =
    afterSeq === 0
      ? []
      : (await readJournal(deps.db, run.id)).filter((entry) => entry.seq <= afterSeq);
  for await (const event of watchRun(deps, { id: run.id, afterSeq, signal })) {
    if (event.kind === 'end') {
      yield { id: String(event.seq), event: 'end', data: stringifyJson(showRunSummary(event.run)) };
      return;
    }
    entries.push(event.entry);
    const ofStep = entries.filter((entry) => entry.step === event.entry.step);
    for (const step of stepsOf(run.id, ofStep)) {
      yield { id: String(event.entry.seq), event: 'step', data: stringifyJson(showStep(step)) };
    }
  }
}

function readLastEventId(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const problem = 'must be the id of an event of this stream';
  throw new ApiError('validation_error', `Invalid request: Last-Event-ID ${problem}.`, {
    details: { last_event_id: problem },
  });
}
