import type { JournalContent, JournalEntry } from '../core/journal.ts';
import { type RunContext, runContextName } from '../core/run-context.ts';

/** What the run was given at its start; null when it was given nothing, or nothing yet. */
export function contextIn(entries: readonly JournalEntry[]): RunContext | null {
  for (const entry of entries) {
    if (entry.type !== 'tool' || entry.state !== 'done' || entry.data.name !== runContextName) {
      continue;
    }
    const { outputJson } = entry.data;
    if (outputJson !== null) return (JSON.parse(outputJson) as { rawData: RunContext }).rawData;
  }
  return null;
}

/** Its entry: no call of the model, yet a step of the trace. */
export function contextEntry(context: RunContext): JournalContent {
  const { skills, memories } = context;
  const message = `Given ${skills.length} skills and ${memories.length} memories.`;
  return {
    type: 'tool',
    state: 'done',
    data: {
      callId: runContextName,
      name: runContextName,
      inputJson: '{}',
      toolVersion: null,
      outputJson: JSON.stringify({ message, rawData: { skills, memories } }),
      error: null,
      modelText: '',
      logs: null,
      durationMs: 0,
      attempts: 1,
    },
  };
}
