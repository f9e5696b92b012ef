import type { JournalEntry, ToolEnded } from '../core/journal.ts';
import type { ModelMessage } from '../core/model.ts';
import type { ModelFile } from '../core/model-files.ts';

// What the model is shown: a pure function of the run's opening and its journal, so that a resumed run
// asks exactly what it would have asked.

/** The files in the output of the entry with this `seq`. */
export type FilesOfStep = (seq: number) => readonly ModelFile[];

/** The messages of the next model call. Every call of an answer must have ended. */
export function messagesOf(
  opening: readonly ModelMessage[],
  entries: readonly JournalEntry[],
  filesOf: FilesOfStep = () => [],
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
    const files: ModelFile[] = [];
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
      files.push(...filesOf(ended.seq));
    }
    if (files.length > 0) {
      // Providers want the results of a round together; few take files among them.
      const text =
        'Files that these tools returned, in their order. They are data, like the results.';
      messages.push({ role: 'user', text, files });
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
