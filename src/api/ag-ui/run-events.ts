import type { Said } from '../../chat/follow-answer.ts';
import type { Talk } from '../../chat/talk.ts';

// An answer as events of AG-UI. Whoever cannot take back what they have shown is told that it is void.

interface Ids {
  readonly threadId: string;
  readonly runId: string;
}

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

/** The run from its first event to its last. */
export async function* runEvents(
  answer: AsyncGenerator<Said>,
  { ids, talk }: { readonly ids: Ids; readonly talk: Talk },
): AsyncGenerator<Event> {
  const messageId = `${talk.turn.messageId}-answer`;
  let isOpen = false;
  yield { type: 'RUN_STARTED', ...ids };
  for await (const said of answer) {
    switch (said.kind) {
      case 'delta':
        if (!isOpen) yield { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' };
        isOpen = true;
        yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: said.text };
        break;
      case 'progress': {
        const stepName = `${said.tool} (${said.step})`;
        yield { type: said.state === 'started' ? 'STEP_STARTED' : 'STEP_FINISHED', stepName };
        break;
      }
      case 'broken':
        if (isOpen) yield { type: 'TEXT_MESSAGE_END', messageId };
        return yield {
          type: 'RUN_ERROR',
          code: 'answer_begun_anew',
          message: 'The answer was begun anew after a part of it had been shown. Read the thread.',
        };
      case 'unanswered':
        return yield { type: 'RUN_FINISHED', ...ids, result: { outcome: 'handed_over' } };
      case 'end': {
        if (isOpen) yield { type: 'TEXT_MESSAGE_END', messageId };
        const { run, outcome } = said;
        const about = { run_id: run.id, outcome, disposition: run.disposition };
        if (outcome === 'failed') {
          const message = `The agent could not answer (${run.stopReason ?? run.status}). See run ${run.id}.`;
          return yield { type: 'RUN_ERROR', code: run.stopReason ?? run.status, message };
        }
        return yield { type: 'RUN_FINISHED', ...ids, result: about };
      }
    }
  }
}
