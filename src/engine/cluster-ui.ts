import type { Run } from '../core/run.ts';

/** The web interface of the cluster itself. */
export interface ClusterUi {
  /** Where people reach it, without a slash at its end. */
  readonly url: string;
  readonly namespace: string;
}

/** Where the cluster shows the execution that drives a run, or last did; null for a run that none has driven yet. */
export function clusterPageOf(
  { url, namespace }: ClusterUi,
  { runId, engineRunId }: Pick<Run, 'runId' | 'engineRunId'>,
): string | null {
  if (engineRunId === null) return null;
  const path = ['namespaces', namespace, 'workflows', runId, engineRunId, 'history'];
  return `${url}/${path.map(encodeURIComponent).join('/')}`;
}
