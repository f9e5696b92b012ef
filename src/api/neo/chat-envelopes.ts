import type { SessionEvent } from '../../chat/session-events.ts';
import { showMessage } from './chat-view.ts';

// What happens in a session, as the UI message stream of Vercel's AI SDK has it
// (https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol). `data-*` parts are ours.

export interface ChatEnvelope {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** How a session is shown. */
export interface EnvelopeView {
  readonly showsProgress: boolean;
  /** Of the turn that is shown. */
  readonly turnId: string | null;
}

/** `isOpen`: the text has begun in this stream or before it. */
export function envelopesOf(
  event: SessionEvent,
  view: EnvelopeView,
  isOpen: boolean,
): readonly ChatEnvelope[] {
  switch (event.kind) {
    case 'message': {
      const { message } = event;
      const data = showMessage(message, new Map());
      if (message.direction === 'inbound') return [{ type: 'data-message', id: message.id, data }];
      return [
        { type: 'start', messageId: message.id },
        ...wholeText(message.id, message.body),
        { type: 'finish', messageMetadata: { outcome: 'answered', message_id: message.id } },
      ];
    }
    case 'turn':
      return [{ type: 'start', messageId: event.runId }];
    case 'text': {
      const id = partId(event.part, view);
      const delta = { type: 'text-delta', id, delta: event.delta };
      return isOpen ? [delta] : [{ type: 'text-start', id }, delta];
    }
    case 'text_end':
      return [{ type: 'text-end', id: partId(event.part, view) }];
    case 'withdrawn': {
      const id = partId(event.part, view);
      return [
        { type: 'text-end', id },
        { type: 'data-withdrawn', data: { id } },
      ];
    }
    case 'progress': {
      if (!view.showsProgress) return [];
      const { step, tool, state } = event;
      const id = `${view.turnId}.${step}`;
      return [{ type: 'data-progress', id, data: { tool, state } }];
    }
    case 'waiting':
      return [{ type: 'data-waiting', data: { for: 'approval' } }];
    case 'end': {
      const { outcome, message } = event;
      const metadata = { outcome, message_id: message?.id ?? null };
      const failed = { type: 'error', errorText: 'The agent could not answer.' };
      const finish = { type: 'finish', messageMetadata: metadata };
      return outcome === 'failed' ? [failed, finish] : [finish];
    }
  }
}

/** Unique in the session: a turn's own name and the part's. */
function partId(part: string, { turnId }: EnvelopeView): string {
  return `${turnId}.${part}`;
}

function wholeText(id: string, text: string): ChatEnvelope[] {
  return [
    { type: 'text-start', id },
    { type: 'text-delta', id, delta: text },
    { type: 'text-end', id },
  ];
}
