import type { Command } from 'commander';
import type { ApiAnswer, Many, One } from '../api-client.ts';
import type { AgentView, RunSummaryView, RunView, StepView } from '../api-types.ts';
import { clipped } from '../columns.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { cost, duration, localTime } from '../figures.ts';
import { findAgentIdIfGiven, findAgentOfRun, runPath } from '../find.ts';
import { exitCodeOf, followRun, followRunAsJson } from '../follow-run.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { createTracePrinter } from '../trace-printer.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

const longestOutcome = 50;

interface ListOptions extends PageOptions {
  readonly agent?: string;
  readonly status?: string;
}

interface OneRunOptions extends ClientOptions {
  readonly agent?: string;
}

/** `signalbox runs …`: what has run, how it went, and what can still be done about it. */
export function registerRunsCommands(program: Command, io: CliIo): void {
  const runs = program.command('runs').description('list, read, watch, cancel and retry runs');
  const list = withPageOptions(
    runs
      .command('list')
      .description('runs of the workspace, newest first')
      .option('--agent <agent>', 'only of this agent: id, number or name')
      .option('--status <status>', 'accepted, running, completed or failed'),
  );
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listRuns(context, options));
  });

  const ofRun = (name: string, description: string) =>
    withClientOptions(
      runs
        .command(name)
        .description(description)
        .argument('<run>', 'id of the run (ar… or run_…)')
        .option('--agent <agent>', "the run's agent, if you know it"),
    );
  const onRun = (
    command: Command,
    act: (context: CommandContext, run: FoundRun, options: OneRunOptions) => Promise<void>,
  ) =>
    command.action(async (run: string, options: OneRunOptions) => {
      await withServer(io, options, async (context) => {
        const agentId = await findAgentOfRun(context.client, run, options.agent);
        await act(context, { agentId, runId: run }, options);
      });
    });
  onRun(ofRun('get', 'a run with its whole trace'), getRun);
  onRun(ofRun('watch', 'the trace of a run while it goes on'), watch);
  onRun(ofRun('cancel', 'end a run that has not ended'), cancel);
  onRun(ofRun('retry', 'run again with the same payload'), retry);
}

interface FoundRun {
  readonly agentId: string;
  readonly runId: string;
}

async function listRuns({ client, out, notes }: CommandContext, options: ListOptions) {
  const { status, limit, cursor } = options;
  const agentId = await findAgentIdIfGiven(client, options.agent);
  const answer = await client.send<Many<RunSummaryView>>({
    path: '/v1/runs',
    query: { agent_id: agentId, status, limit, cursor },
  });
  if (options.json) return out.line(answer.text);
  const { style } = out;
  printTable(out, {
    rows: answer.body.data,
    empty: 'No runs.',
    columns: [
      { title: 'RUN', value: (run) => run.run_id },
      {
        title: 'STATUS',
        value: (run) => run.status,
        paint: (cell, run) =>
          run.status === 'completed'
            ? style.good(cell)
            : run.status === 'failed'
              ? style.bad(cell)
              : style.warn(cell),
      },
      { title: 'OUTCOME', value: outcome, shrinks: true },
      { title: 'MODEL', value: (run) => run.model },
      {
        title: 'TIME',
        align: 'right',
        value: (run) => (run.duration_ms === null ? '' : duration(run.duration_ms)),
      },
      {
        title: 'COST',
        align: 'right',
        value: (run) => (run.total_cost === null ? 'unknown' : cost(run.total_cost)),
      },
      { title: 'CREATED', value: (run) => localTime(run.created_at) },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

async function getRun({ client, out }: CommandContext, found: FoundRun, options: OneRunOptions) {
  const path = runPath(found.agentId, found.runId);
  const answer = await client.send<One<RunView>>({ path });
  if (options.json) return out.line(answer.text);
  const run = answer.body.data;
  const steps = await client.send<One<readonly StepView[]>>({ path: `${path}/steps` });
  const printer = createTracePrinter({ ...out, isInteractive: false });
  printer.head({
    agent: await agentName(client.send, found.agentId),
    runId: run.run_id,
    trigger: null,
    payload: null,
  });
  for (const step of steps.body.data) printer.step(step);
  printer.end(run);
}

async function watch(context: CommandContext, found: FoundRun, options: OneRunOptions) {
  if (options.json) {
    context.io.setExitCode(exitCodeOf(await followRunAsJson(context, found)));
    return;
  }
  const { run } = await followRun(context, {
    ...found,
    signal: context.io.readerGone,
    head: {
      agent: await agentName(context.client.send, found.agentId),
      runId: found.runId,
      trigger: null,
      payload: null,
    },
  });
  context.io.setExitCode(exitCodeOf(run));
}

async function cancel({ client, out }: CommandContext, found: FoundRun, options: OneRunOptions) {
  const path = `${runPath(found.agentId, found.runId)}/cancel`;
  const answer = await client.send<One<RunView>>({ method: 'POST', path });
  if (options.json) return out.line(answer.text);
  out.line(`${out.style.warn('cancelled')} ${answer.body.data.run_id}`);
}

async function retry(
  { client, out, notes }: CommandContext,
  found: FoundRun,
  options: OneRunOptions,
) {
  const path = `${runPath(found.agentId, found.runId)}/retry`;
  const answer = await client.send<One<{ readonly run_id: string }>>({ method: 'POST', path });
  if (options.json) return out.line(answer.text);
  const { run_id: runId } = answer.body.data;
  out.line(`${out.style.good('dispatched')} ${runId}`);
  notes.line(notes.style.dim(`Follow it: signalbox runs watch ${runId}`));
}

/** What a run decided or why it failed, short enough for a cell. */
function outcome(run: RunSummaryView): string {
  return run.disposition ?? clipped(sanitizedLine(run.error ?? ''), longestOutcome);
}

/** The agent may have been deleted since; its runs are still there. */
async function agentName(
  send: <T>(request: { path: string }) => Promise<ApiAnswer<T>>,
  agentId: string,
): Promise<string> {
  try {
    const path = `/v1/agents/${encodeURIComponent(agentId)}`;
    return (await send<One<AgentView>>({ path })).body.data.name;
  } catch {
    return agentId;
  }
}
