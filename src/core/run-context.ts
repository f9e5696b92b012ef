import type { OfferedSkill } from './skill.ts';

// What a run is given when it begins, and keeps: it is in its journal, so that a resumed run goes on with
// the same, whatever was changed meanwhile.

/** The name of its entry in the trace. */
export const runContextName = 'open_context';

export interface RunContext {
  readonly skills: readonly OfferedSkill[];
  readonly memories: readonly GivenMemory[];
}

/** A memory as a run is given it. */
export interface GivenMemory {
  readonly id: string;
  readonly content: string;
  /** What it is about; null: nothing in particular. */
  readonly entityId: string | null;
  readonly pinned: boolean;
}
