import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { TriggerEventSummaryView, TriggerEventView, VerdictView } from '../api-types.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { localTime } from '../figures.ts';
import { findAgentIdIfGiven } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface ListOptions extends PageOptions {
  readonly agent?: string;
  readonly source?: string;
  readonly type?: string;
  readonly matched?: boolean;
  readonly unmatched?: boolean;
}

/** `signalbox triggers events` and `signalbox triggers explain`: what has fired, and what came of it. */
export function registerTriggerEventsCommands(triggers: Command, io: CliIo): void {
  const list = withPageOptions(
    triggers
      .command('events')
      .description('what has fired, newest first')
      .option('--agent <agent>', 'only what was held against this agent: id, number or name')
      .option('--source <source>', 'manual, cron, webhook, event, internal, replay, …')
      .option('--type <name>', 'only events of this name')
      .option('--matched', 'only what started a run')
      .option('--unmatched', 'only what started none'),
  );
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listEvents(context, options));
  });
  const explain = triggers
    .command('explain')
    .description('why each agent did or did not run for an event')
    .argument('<event>', 'id of the trigger event (te…)');
  withClientOptions(explain).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `/v1/trigger-events/${encodeURIComponent(id)}`;
      const answer = await client.send<One<TriggerEventView>>({ path });
      if (options.json) return out.line(answer.text);
      printExplanation(out, answer.body.data);
    });
  });
}

async function listEvents({ client, out, notes }: CommandContext, options: ListOptions) {
  const { source, type, limit, cursor, matched, unmatched } = options;
  const agentId = await findAgentIdIfGiven(client, options.agent);
  const answer = await client.send<Many<TriggerEventSummaryView>>({
    path: '/v1/trigger-events',
    query: {
      ...{ agent_id: agentId, source, type, limit, cursor },
      matched: matched ? 'true' : unmatched ? 'false' : undefined,
    },
  });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'Nothing has fired.',
    columns: [
      { title: 'EVENT', value: (event) => event.id },
      { title: 'SOURCE', value: (event) => event.source },
      { title: 'TYPE', value: (event) => sanitizedLine(event.type ?? ''), shrinks: true },
      { title: 'RAN', align: 'right', value: (event) => String(event.verdicts.ran) },
      { title: 'DID NOT', align: 'right', value: (event) => String(didNotRun(event)) },
      { title: 'CREATED', value: (event) => localTime(event.created_at) },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

function didNotRun({ verdicts }: TriggerEventSummaryView): number {
  return verdicts.not_matched + verdicts.refused + verdicts.skipped;
}

function printExplanation(out: Terminal, event: TriggerEventView): void {
  const { style } = out;
  const name = event.type === null ? '' : ` ${style.strong(sanitizedLine(event.type))}`;
  const again = event.replay_of === null ? '' : `, a replay of ${event.replay_of}`;
  out.line(
    `${sanitizedLine(event.source)}${name}, ${localTime(event.created_at)}${sanitizedLine(again)}`,
  );
  if (event.caused_by_run_id !== null) {
    out.line(sanitizedLine(`caused by run ${event.caused_by_run_id}, ${event.depth} in its chain`));
  }
  if (event.verdicts.length === 0) {
    out.line('No agent has a trigger for it.');
    return;
  }
  for (const verdict of event.verdicts) {
    out.line('');
    out.line(headline(out, verdict));
    for (const one of verdict.comparisons) out.line(comparisonLine(out, one));
  }
}

function headline({ style }: Terminal, verdict: VerdictView): string {
  const trigger = verdict.trigger_name === null ? '' : ` (${sanitizedLine(verdict.trigger_name)})`;
  const who = `${style.strong(sanitizedLine(verdict.agent_name))}${trigger}`;
  const detail = verdict.detail === null ? '' : ` ${sanitizedLine(verdict.detail)}`;
  switch (verdict.verdict) {
    case 'ran':
      return `${who} ${style.good('ran')}: ${sanitizedLine(verdict.run?.run_id ?? '')}`;
    case 'not_matched':
      return `${who} ${style.dim('did not run')}: a comparison does not hold.`;
    case 'refused':
      return `${who} ${style.warn('was refused')}, ${sanitizedLine(verdict.reason ?? '')}:${detail}`;
    case 'skipped':
      return `${who} ${style.warn('was skipped')}, ${sanitizedLine(verdict.reason ?? '')}:${detail}`;
  }
}

const words: Readonly<Record<string, string>> = {
  eq: 'is',
  ne: 'is not',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  starts_with: 'begins with',
  ends_with: 'ends with',
};

function comparisonLine({ style }: Terminal, one: VerdictView['comparisons'][number]): string {
  const mark = one.matched ? style.good('✓') : style.bad('✗');
  const was = Object.hasOwn(one, 'actual')
    ? `it is ${JSON.stringify(one.actual)}`
    : 'it is not there';
  const wanted =
    one.op === 'exists'
      ? `${one.field} ${one.expected === true ? 'is there' : 'is not there'}`
      : `${one.field} ${words[one.op] ?? one.op} ${JSON.stringify(one.expected)}`;
  return `  ${mark} ${sanitizedLine(`${wanted}: ${was}`)}`;
}
