import { z } from '@hono/zod-openapi';
import { followAnswer } from '../../chat/follow-answer.ts';
import { talk } from '../../chat/talk.ts';
import { stringifyJson } from '../../core/raw-json.ts';
import { ofObject } from '../conduit/fields.ts';
import { eventStream, type ServerSentEvent } from '../event-stream.ts';
import { findAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { runEvents } from './run-events.ts';
import { readInput, runInput } from './run-input.ts';

/** A run of the agent as events of AG-UI. */
export const runAgUi = defineRoute(
  {
    method: 'post',
    path: '/ag-ui/agents/{id}',
    operationId: 'runAgUi',
    tag: 'agents',
    summary: 'Agent User Interaction: a run as a stream of events',
    resource: 'run',
    right: 'write',
    workspace: ofObject,
    params: z.object({ id: z.string().openapi({ description: 'Of the agent: id or number.' }) }),
    body: runInput,
    bodyRequired: true,
    bodyExample: {
      threadId: 't1',
      runId: 'r1',
      messages: [{ id: 'm1', role: 'user', content: 'Hello' }],
      tools: [],
      context: [],
    },
    waitsForOthers: true,
    responses: { 200: { description: 'The events', contentType: 'text/event-stream' } },
  },
  async ({ params, body, scope, caller, signal, http }, deps) => {
    const agent = await findAgent(deps, scope, params.id);
    const { threadId, runId } = body;
    using place = new DisposableStack();
    // Before anything is begun: what is refused here may be sent again.
    place.use(deps.streams?.enter({ caller, workspaceId: agent.workspaceId }));
    const spoken = await talk(deps, {
      ...{ agent, ...readInput(body), clientMessageId: runId, callerId: caller.id },
      thread: { space: `ag-ui/${agent.id}`, name: threadId },
    });
    const { id: sessionId } = spoken.session;
    const { rev } = spoken.turn;
    const told = async function* (until: AbortSignal): AsyncGenerator<ServerSentEvent> {
      const answer = followAnswer(deps, { sessionId, rev, signal: until });
      const about = { ids: { threadId, runId }, talk: spoken };
      for await (const event of runEvents(answer, about)) yield { data: stringifyJson(event) };
    };
    return eventStream(http, signal, told, place.move());
  },
);
