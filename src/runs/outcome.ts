import {
  type AgentDefinition,
  type AutopilotSchedule,
  type Weekday,
  weekdays,
} from '../core/agent.ts';
import type { Disposition, RunOutcome, StopReason } from '../core/run.ts';
import type { Finish } from './finish.ts';

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

const answering: readonly Disposition[] = ['resolved', 'escalation_and_answer', 'proactive'];

/** In copilot, and in autopilot outside its schedule, a reply is a proposal for a person. */
function isProposal(definition: AgentDefinition, finish: Finish, now: Date): boolean {
  if (finish.response === null || !answering.includes(finish.disposition)) return false;
  if (definition.operation_mode === 'copilot') return true;
  return (
    definition.operation_mode === 'autopilot' &&
    definition.autopilot_schedule !== null &&
    !isWithin(definition.autopilot_schedule, now)
  );
}

/** Whether the time lies in one of the schedule's windows, in the schedule's own time zone. */
export function isWithin(schedule: AutopilotSchedule, now: Date): boolean {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: schedule.timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  const day = weekdays.indexOf(part('weekday').toLowerCase() as Weekday);
  const minutes = Number(part('hour')) * 60 + Number(part('minute'));
  return schedule.windows.some((window) => {
    const from = minutesOf(window.from);
    const to = minutesOf(window.to);
    const startsOn = (index: number) => window.days.includes(weekdays[(index + 7) % 7] ?? 'mon');
    if (from < to) return startsOn(day) && minutes >= from && minutes < to;
    // The window passes midnight: its late part belongs to the day before.
    return (startsOn(day) && minutes >= from) || (startsOn(day - 1) && minutes < to);
  });
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
