import type { AgentDefinition } from '../core/agent.ts';
import { type ApprovalSettings, defaultApprovals } from '../core/approval.ts';
import { newId } from '../core/ids.ts';
import type { ApprovalAsked, JournalEntry, ToolStarted } from '../core/journal.ts';
import { RawJson, stringifyJson } from '../core/raw-json.ts';
import type { Run, RunOutcome } from '../core/run.ts';
import type { AgentTool } from '../tools/tool.ts';
import { approvalEventJson } from './approval-event.ts';
import { type Addition, type DrivenRun, RunLost } from './driven-run.ts';
import { newChild } from './new-child.ts';

// Where a run asks people. The journal's entry names the approval that is to be, so creating it is safe to
// repeat however often the run changes hands (I5). Then the run gives itself up: it is a row until somebody
// decides, and what was decided is a commit of its own (`runs/answered-approvals.ts`).

export type OpenApproval = Extract<JournalEntry, { type: 'approval'; state: 'started' }>;

export function approvalsOf(definition: Pick<AgentDefinition, 'approvals'>): ApprovalSettings {
  return definition.approvals ?? defaultApprovals;
}

/** Approvals that the run has asked for and not read the answer of. */
export function openApprovals(entries: readonly JournalEntry[]): OpenApproval[] {
  const answered = new Set<number>();
  const open = new Map<number, OpenApproval>();
  for (const entry of entries) {
    if (entry.type !== 'approval') continue;
    // A fork's own entry for a copied one has the same step.
    if (entry.state === 'started') open.set(entry.step, entry);
    else answered.add(entry.step);
  }
  return [...open.values()].filter((entry) => !answered.has(entry.step));
}

/** What a dry run or a test decides takes no effect. */
function asksNobody({ dryRun, testRunId }: Pick<Run, 'dryRun' | 'testRunId'>): boolean {
  return dryRun || testRunId !== null;
}

/** Whether calls of the tool wait for a person in runs of this agent. */
export function needsApproval(definition: AgentDefinition, tool: AgentTool): boolean {
  if (tool.requiresApproval) return true;
  const { tools } = approvalsOf(definition);
  return (
    tools.includes(tool.name) ||
    (tool.agent !== undefined && tools.includes(`agent:${tool.toolId}`))
  );
}

/** The call waits; it starts when it is approved. */
export function askForCall(definition: AgentDefinition, call: ToolStarted): Addition {
  return asked(definition, {
    kind: 'tool_call',
    question: `May the agent "${definition.name}" call ${call.name}?`,
    proposalJson: null,
    call,
  });
}

/** The agent asks, by its instructions: the answer is what its call returns. */
export function askByAgent(
  definition: AgentDefinition,
  call: ToolStarted,
  question: string,
): Addition {
  return asked(definition, { kind: 'request', question, proposalJson: null, call });
}

/** The whole run waits for its first step, unless it has been let go on. A copy's approval was another run's. */
export function askForStart(driven: DrivenRun): Addition | null {
  const { definition, run, entries } = driven;
  if (approvalsOf(definition).run !== 'start' || asksNobody(run)) return null;
  const isAsked = entries.some(
    (entry) =>
      entry.type === 'approval' &&
      entry.state === 'started' &&
      entry.data.kind === 'run_start' &&
      entry.data.copied !== true,
  );
  if (isAsked) return null;
  const { payloadJson } = run;
  const question = `May the agent "${definition.name}" run?`;
  return asked(definition, { kind: 'run_start', question, proposalJson: payloadJson });
}

/** What the run decided waits, if there is anything in it that takes effect. */
export function askForOutcome(driven: DrivenRun, outcome: RunOutcome): Addition | null {
  const { definition, run } = driven;
  if (approvalsOf(definition).run !== 'reply' || asksNobody(run)) return null;
  if (outcome.status !== 'completed') return null;
  if (outcome.disposition === 'no_op' && outcome.response === null) return null;
  return asked(definition, {
    kind: 'run_reply',
    question: `May what the agent "${definition.name}" decided take effect?`,
    proposalJson: outcomeJson(outcome),
    outcome,
  });
}

function asked(
  definition: AgentDefinition,
  data: Pick<ApprovalAsked, 'kind' | 'question' | 'proposalJson' | 'call' | 'outcome'>,
): Addition {
  const settings = approvalsOf(definition);
  return {
    type: 'approval',
    state: 'started',
    data: {
      approvalId: newId('approval'),
      ...data,
      approvers: settings.approvers,
      expiresAfterMs: settings.expires_after_ms,
      onExpiry: settings.on_expiry,
    },
  };
}

/** A copied approval, as this run's own: what was approved in another run is asked for again. */
export function ownApproval(entry: OpenApproval): Addition {
  const { copied: _, call, ...data } = entry.data;
  const own = call === undefined ? {} : { call: ownCall(call) };
  const approvalId = newId('approval');
  return {
    type: 'approval',
    state: 'started',
    step: entry.step,
    data: { ...data, ...own, approvalId },
  };
}

function ownCall(call: ToolStarted): ToolStarted {
  const { copied: _, child, ...data } = call;
  return child === undefined ? data : { ...data, child: newChild(child.model) };
}

/** Puts the approvals before people, unless they are. */
export async function putToPeople(driven: DrivenRun, open: readonly OpenApproval[]): Promise<void> {
  const { run } = driven;
  const rows = open.map(({ step, data }) => {
    const row = {
      id: data.approvalId,
      step,
      kind: data.kind,
      toolName: data.kind === 'tool_call' ? (data.call?.name ?? null) : null,
      question: data.question,
      proposalJson: data.proposalJson ?? data.call?.inputJson ?? 'null',
      approvers: data.approvers,
      onExpiry: data.onExpiry,
      expiresAfterMs: data.expiresAfterMs,
    };
    const eventJson = approvalEventJson({ ...row, status: 'pending', agentId: run.agentId, run });
    return { ...row, eventJson };
  });
  if (!(await driven.approvals.ask(driven.held, rows))) throw new RunLost();
}

/** Gives the run up until somebody decides. */
export async function waitForPeople(driven: DrivenRun): Promise<'waiting'> {
  if (!(await driven.approvals.park(driven.held))) throw new RunLost();
  return 'waiting';
}

function outcomeJson({ disposition, dispositionReason, response, outputJson }: RunOutcome): string {
  return stringifyJson({
    disposition,
    disposition_reason: dispositionReason,
    response,
    output: outputJson === null ? null : new RawJson(outputJson),
  });
}
