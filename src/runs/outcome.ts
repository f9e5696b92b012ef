import type { AgentDefinition } from '../core/agent.ts';
import type { Disposition } from '../core/disposition.ts';
import type { RunOutcome, StopReason } from '../core/run.ts';
import type { Finish } from './finish.ts';
import { isProposal } from './plan-reply.ts';

/** How a run ends well: what it decided, judged by the agent's operation mode. */
export function completedOutcome(
  definition: AgentDefinition,
  finish: Finish,
  now: Date,
): RunOutcome {
  const proposes = isProposal(definition, finish, now);
  return {
    status: 'completed',
    stopReason: 'completed',
    disposition: proposes ? 'escalated' : finish.disposition,
    dispositionReason: finish.dispositionReason,
    response: finish.response,
    reflection: finish.reflection,
    outputJson: finish.output === null ? null : JSON.stringify(finish.output),
    error: null,
  };
}

/** How a run ends that could not go on. What it has so far is in its journal. */
export function failedOutcome(stopReason: StopReason, error: string): RunOutcome {
  return {
    status: 'failed',
    stopReason,
    disposition: null,
    dispositionReason: null,
    response: null,
    reflection: null,
    outputJson: null,
    error,
  };
}

/** What plain text of a model means: it has answered, or there was nothing to do. */
export function finishFromText(text: string): Finish {
  const answered = text.trim() !== '';
  const disposition: Disposition = answered ? 'resolved' : 'no_op';
  return {
    disposition,
    dispositionReason: answered ? 'answered_in_text' : 'nothing_to_say',
    response: answered ? text : null,
    reflection: null,
    output: null,
  };
}
