// Memory of agents across runs.

/** Whose a memory is: one agent's, or that of all agents of the workspace that have memory. */
export const memoryScopes = ['agent', 'shared'] as const;
export type MemoryScope = (typeof memoryScopes)[number];

/** What a version of an agent says of it; null in its place: the agent has none. */
export interface MemorySettings {
  /** Whose what its runs write is. They read both. */
  readonly scope: MemoryScope;
  /** False: its runs only read. */
  readonly can_write: boolean;
}

export const memoryMaxima = {
  contentLength: 2_000,
  entityIdLength: 255,
  /** Of one agent (or shared) about one entity (or nothing in particular). */
  perKey: 200,
  pinnedPerKey: 20,
  /** Characters that a run is given at its start: of pinned ones, and of others that fit it. */
  givenPinned: 8_000,
  givenRecalled: 6_000,
  recalled: 10,
} as const;

export interface Memory {
  readonly id: string;
  readonly workspaceId: string;
  /** Null: shared. */
  readonly agentId: string | null;
  readonly entityId: string | null;
  readonly content: string;
  readonly pinned: boolean;
  /** The run that wrote it; null: a person did. */
  readonly runId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a run may read: of its agent and shared, about its own entities and nothing in particular. */
export interface MemoryReach {
  readonly workspaceId: string;
  readonly agentId: string;
  readonly entityIds: readonly string[];
}
