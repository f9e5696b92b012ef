import {
  type AgentDefinition,
  type AutopilotSchedule,
  type Weekday,
  weekdays,
} from '../core/agent.ts';
import type { Disposition } from '../core/disposition.ts';
import type { Run, RunOutcome } from '../core/run.ts';
import type { Finish } from './finish.ts';

// Who may deliver. Everything that decides whether a reply goes out, is put to a person first, or stays in the
// trace stands here.

const answering: readonly Disposition[] = ['resolved', 'escalation_and_answer', 'proactive'];

/** In copilot, and in autopilot outside its schedule, a reply is a proposal for a person. */
export function isProposal(
  definition: AgentDefinition,
  finish: Pick<Finish, 'response' | 'disposition'>,
  now: Date,
): boolean {
  if (finish.response === null || !answering.includes(finish.disposition)) return false;
  if (definition.operation_mode === 'copilot') return true;
  return (
    definition.operation_mode === 'autopilot' &&
    definition.autopilot_schedule !== null &&
    !isWithin(definition.autopilot_schedule, now)
  );
}

/** `deliver`: after its delay, while what the run has read is all there is to answer. */
export type ReplyPlan =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'deliver';
      readonly conversationId: string;
      readonly readRev: number;
    };

/** What becomes of the response of a run that has decided. */
export function planReply(
  run: Pick<Run, 'conversationId' | 'readRev'>,
  outcome: Pick<RunOutcome, 'status' | 'disposition' | 'response'>,
): ReplyPlan {
  const { conversationId, readRev } = run;
  if (conversationId === null || readRev === null) return { kind: 'none' };
  const { status, disposition, response } = outcome;
  if (status !== 'completed' || disposition === null || !answering.includes(disposition)) {
    return { kind: 'none' };
  }
  if (response === null || response.trim() === '') return { kind: 'none' };
  return { kind: 'deliver', conversationId, readRev };
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
