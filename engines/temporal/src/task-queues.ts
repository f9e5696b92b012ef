import type { ClusterSettings } from '../../../src/engine/cluster-link.ts';

// A task queue for each class of workspaces and each of two priorities: `signalbox-default-normal`. A flood in one
// is no other's, and classes can have workers of their own.

type Naming = Pick<ClusterSettings, 'taskQueue' | 'classes' | 'workFor'>;

export const defaultClass = 'default';
const lanes = ['high', 'normal'] as const;

export function taskQueueOf(
  { taskQueue, classes }: Naming,
  run: { readonly workspaceId: string; readonly priority: number },
): string {
  const name = classes.get(run.workspaceId) ?? defaultClass;
  return `${taskQueue}-${name}-${run.priority > 0 ? 'high' : 'normal'}`;
}

/** The queues that a process with these settings works for. */
export function ownTaskQueues({ taskQueue, classes, workFor }: Naming): string[] {
  const all = new Set([defaultClass, ...classes.values()]);
  return [...(workFor ?? all)].flatMap((name) =>
    lanes.map((lane) => `${taskQueue}-${name}-${lane}`),
  );
}
