import type { JournalContent, JournalEntry } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import type { RunContext } from '../core/run-context.ts';
import { loadSkillName, readSkillFileName } from '../skills/skill-tools.ts';
import { readOutputName } from '../tools/read-output.ts';
import { requestApprovalToolName } from '../tools/request-approval.ts';
import { scheduleToolName } from '../tools/schedule.ts';
import type { AgentTool } from '../tools/tool.ts';
import type { WhyNotAllowed } from './loaded-skills.ts';
import { readAttachmentToolName } from './read-attachment.ts';

// Whether a run has read text from outside, which may hold instructions that a model obeys. From then on an agent's
// `tools_when_untrusted` limits what it can call. It is read from the run and its journal alone, so that it holds
// after a restart, in a fork and in every process, and nothing that the model says lifts it.
//
// What is outside: the payload of a webhook, an event or a message, and what another agent asks for; notes of
// earlier runs; and what every tool returned but those of ours that say only what people of the workspace wrote.
// Not protected: calls that the model asked for together with the first one that brought such text, before it read any.

/** Their answers are our own words, or those of the workspace's people. */
const trustedTools: ReadonlySet<string> = new Set([
  loadSkillName,
  readSkillFileName,
  requestApprovalToolName,
  scheduleToolName,
]);

/** They only bring back what the run has read already, or what came with it. */
const alwaysAllowed: ReadonlySet<string> = new Set([readOutputName, readAttachmentToolName]);

const triggersFromOutside: readonly (string | null)[] = ['webhook', 'event', 'message'];

/** Whether the run has read text from outside so far. */
export function hasReadOutside(given: {
  readonly run: Pick<Run, 'triggerType' | 'conversationId' | 'parentRunId'>;
  readonly context: RunContext | null;
  readonly entries: readonly JournalEntry[];
}): boolean {
  const { run, context, entries } = given;
  return (
    triggersFromOutside.includes(run.triggerType) ||
    run.conversationId !== null ||
    run.parentRunId !== null ||
    (context !== null && context.memories.length > 0) ||
    entries.some(bringsOutside)
  );
}

/** Whether the model reads something from outside by this entry. */
export function bringsOutside(entry: JournalContent): boolean {
  if (entry.type !== 'tool' || (entry.state !== 'done' && entry.state !== 'failed')) return false;
  // A call that was refused before it began is answered in our words.
  return !trustedTools.has(entry.data.name) && entry.data.attempts > 0;
}

/** Why a tool cannot be called once the run has read text from outside. `named`: the agent's list. */
export function whyNotUntrusted(
  named: readonly string[],
  tools: readonly AgentTool[],
): WhyNotAllowed {
  const ofAgents = new Map(
    tools.flatMap((tool) =>
      tool.agent === undefined ? [] : [[tool.name, `agent:${tool.toolId}`]],
    ),
  );
  return (name) => {
    if (alwaysAllowed.has(name) || named.includes(name)) return null;
    if (named.includes(ofAgents.get(name) ?? name)) return null;
    return `"${name}" cannot be called any more: this run has read text from outside, and after that this agent may call only ${named.length === 0 ? 'finish' : [...named, 'finish'].join(', ')}.`;
  };
}
