import type { AgentDefinition } from '../core/agent.ts';

/**
 * Whether people outside may be shown the text of a run before it is committed as a reply. What guardrails, people or a delay
 * may keep back, and what is not the reply itself, is shown to them as a message or not at all.
 */
export function mayBeShownEarly(definition: AgentDefinition): boolean {
  const { guardrails, responseflow, operation_mode, autopilot_schedule } = definition;
  const isJudged = guardrails.length > 0 && responseflow;
  const isDecided =
    operation_mode !== 'autopilot' ||
    autopilot_schedule !== null ||
    (definition.approvals?.run ?? null) !== null;
  const isRewritten = definition.output_schema.length > 0 || definition.cite_sources;
  return !isJudged && !isDecided && !isRewritten && definition.custom_response_delay_ms === 0;
}
