import { isTerminal, type Run, type RunStatus } from '../../core/run.ts';

// A run as a task: its id is the run's, its context the conversation that it answers in.

const states: Readonly<Record<RunStatus, string>> = {
  accepted: 'TASK_STATE_SUBMITTED',
  running: 'TASK_STATE_WORKING',
  // A person of ours or a clock is waited for, never the client.
  waiting: 'TASK_STATE_WORKING',
  completed: 'TASK_STATE_COMPLETED',
  failed: 'TASK_STATE_FAILED',
  cancelled: 'TASK_STATE_CANCELED',
};

export function contextOf(run: Run): string {
  return run.conversationId ?? run.sessionId ?? run.id;
}

/** `reply`: what was sent to whoever asked, where that is known; else what the run would say. */
export function showTask(run: Run, reply: string | null = run.response) {
  return {
    id: run.id,
    contextId: contextOf(run),
    status: statusOf(run),
    artifacts: isTerminal(run.status) ? artifactsOf(run, reply) : [],
    metadata: {
      run_id: run.runId,
      agent_version: run.agentVersion,
      disposition: run.disposition,
      disposition_reason: run.dispositionReason,
    },
  };
}

export function statusOf(run: Run) {
  const why = run.status === 'failed' ? `See run ${run.id} (${run.stopReason ?? 'failed'}).` : null;
  const message = why === null ? {} : { message: agentMessage(`${run.id}-status`, run, why) };
  const at = run.completedAt ?? run.startedAt ?? run.createdAt;
  return { state: states[run.status], timestamp: at.toISOString(), ...message };
}

export function agentMessage(messageId: string, run: Run, text: string) {
  const about = { contextId: contextOf(run), taskId: run.id };
  return { messageId, role: 'ROLE_AGENT', parts: [{ text }], ...about };
}

/** The reply, and what the agent's output schema asks for. */
export function artifactsOf(run: Run, reply: string | null) {
  const text = reply === null || reply === '' ? [] : [replyArtifact(reply)];
  const output =
    run.outputJson === null
      ? []
      : [
          {
            artifactId: 'output',
            name: 'output',
            parts: [{ data: JSON.parse(run.outputJson) as unknown, mediaType: 'application/json' }],
          },
        ];
  return [...text, ...output];
}

export function replyArtifact(text: string) {
  return { artifactId: 'reply', name: 'reply', parts: [{ text, mediaType: 'text/plain' }] };
}
