import { newId, newRunExecutionId } from '../core/ids.ts';
import type { ChildRunRef } from '../core/journal.ts';

/** The run of another agent that a call asks for. */
export function newChild(model: string): ChildRunRef {
  return { id: newId('run'), runId: newRunExecutionId(), model };
}
