import type { JournalEntry, ToolEnded } from '../core/journal.ts';
import type { ModelMessage } from '../core/model.ts';

// What the model is shown: a pure function of the run's opening and its journal, so that a resumed run
// asks exactly what it would have asked.

/** The messages of the next model call. Every call of an answer must have ended. */
export function messagesOf(
  opening: readonly ModelMessage[],
  entries: readonly JournalEntry[],
): ModelMessage[] {
  const messages = [...opening];
  entries.forEach((entry, index) => {
    const isAnswer = entry.type === 'approval' || entry.type === 'guardrail';
    if (isAnswer && entry.state === 'done' && entry.data.modelText !== null) {
      messages.push({ role: 'user', text: entry.data.modelText });
    }
    if (entry.type !== 'model' || entry.state !== 'done') return;
    const { data } = entry;
    messages.push({
      role: 'assistant',
      text: data.text,
      toolCalls: data.toolCalls,
      ...(data.providerData === undefined ? {} : { providerData: data.providerData }),
    });
    for (const call of data.toolCalls) {
      const ended = endingOf(entries, index, call.callId);
      if (ended === undefined) throw new Error(`Tool call ${call.callId} has not ended.`);
      messages.push({
        role: 'tool',
        callId: call.callId,
        name: call.name,
        text: ended.data.modelText,
        isError: ended.state !== 'done' && ended.state !== 'planned',
      });
    }
    if (data.nudge !== null) messages.push({ role: 'user', text: data.nudge });
  });
  return messages;
}

type ToolEnding = Extract<JournalEntry, { type: 'tool'; data: ToolEnded }>;

function endingOf(
  entries: readonly JournalEntry[],
  from: number,
  callId: string,
): ToolEnding | undefined {
  for (let i = from + 1; i < entries.length; i++) {
    const entry = entries[i];
    if (entry?.type === 'tool' && entry.state !== 'started' && entry.data.callId === callId) {
      return entry;
    }
  }
  return undefined;
}
