import { type Command, InvalidArgumentError } from 'commander';
import type { ApiAnswer, One } from '../api-client.ts';
import type { DispatchView } from '../api-types.ts';
import { exitCodes } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { findAgentId } from '../find.ts';
import { exitCodeOf, followRun, followRunAsJson } from '../follow-run.ts';
import type { CliIo } from '../io.ts';
import { readPayload } from '../read-payload.ts';
import { sanitizedLine } from '../sanitized.ts';
import { endLines } from '../trace.ts';

interface RunOptions extends ClientOptions {
  readonly payload?: string;
  readonly trigger?: string;
  readonly watch?: boolean;
  readonly wait?: number;
  readonly idempotencyKey?: string;
}

/** `signalbox run AGENT`: dispatches an agent as if one of its triggers had fired. */
export function registerRunCommand(program: Command, io: CliIo): void {
  const command = program
    .command('run')
    .description('dispatch an agent')
    .argument('<agent>', 'id, number or unique name of the agent')
    .option('--payload <json>', 'what the trigger receives: JSON, @file, or @- for standard input')
    .option('--trigger <id>', 'which trigger, if the agent has several')
    .option('--watch', 'print the trace while the run goes on')
    .option('--wait <seconds>', 'wait for the end of the run, at most 60 seconds', waitSeconds)
    .option('--idempotency-key <key>', 'dispatch once, however often this is repeated')
    .addHelpText(
      'after',
      '\nExit code with --watch or --wait: 0 completed, 1 failed, 3 still running.',
    );
  withClientOptions(command).action(async (agent: string, options: RunOptions) => {
    await withServer(io, options, (context) => runAgent(context, agent, options));
  });
}

async function runAgent(
  context: CommandContext,
  agent: string,
  options: RunOptions,
): Promise<void> {
  const { client, io, out, notes } = context;
  const payload = options.payload === undefined ? null : await readPayload(options.payload, io);
  const agentId = await findAgentId(client, agent);
  const answer = await client.send<One<DispatchView>>({
    method: 'POST',
    path: `/v1/agents/${encodeURIComponent(agentId)}/run`,
    query: { wait: options.watch ? undefined : options.wait },
    body: dispatchBody(payload, options.trigger),
    ...(options.idempotencyKey === undefined
      ? {}
      : { headers: { 'Idempotency-Key': options.idempotencyKey } }),
  });
  const { data } = answer.body;
  if (!options.watch) return printDispatch(context, answer, options);
  if (options.json) {
    out.line(answer.text);
    io.setExitCode(exitCodeOf(await followRunAsJson(context, { agentId, runId: data.id })));
    return;
  }
  notes.line(notes.style.dim(`Ctrl-C stops the watching, not the run.`));
  const { run } = await followRun(context, {
    agentId,
    runId: data.id,
    signal: io.readerGone,
    head: {
      agent,
      runId: data.run_id,
      trigger: data.trigger_type,
      payload: payload === null ? null : { value: JSON.parse(payload) },
    },
  });
  io.setExitCode(exitCodeOf(run));
}

/** By hand, so that the payload stays the text it is. */
function dispatchBody(payload: string | null, trigger: string | undefined): string {
  const members = [
    ...(trigger === undefined ? [] : [`"trigger_id": ${JSON.stringify(trigger)}`]),
    ...(payload === null ? [] : [`"payload": ${payload}`]),
  ];
  return `{${members.join(', ')}}`;
}

function printDispatch(
  { out, notes, io }: CommandContext,
  { text, body }: ApiAnswer<One<DispatchView>>,
  options: RunOptions,
): void {
  const { data } = body;
  const waited = options.wait !== undefined && options.wait > 0;
  if (options.json) {
    out.line(text);
  } else {
    out.line(
      `${out.style.good('dispatched')} ${sanitizedLine(data.run_id)} ${out.style.dim(sanitizedLine(data.trigger_type))}`,
    );
    if (data.run !== undefined) for (const line of endLines(data.run, null, out)) out.line(line);
  }
  if (data.run !== undefined) io.setExitCode(exitCodeOf(data.run));
  else if (waited) io.setExitCode(exitCodes.stillRunning);
  if (options.json || data.run !== undefined) return;
  const still = waited ? 'Still running. ' : '';
  notes.line(
    notes.style.dim(sanitizedLine(`${still}Follow it: signalbox runs watch ${data.run_id}`)),
  );
}

function waitSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 60 && text.trim() !== '') {
    return seconds;
  }
  throw new InvalidArgumentError('It takes whole seconds from 0 to 60; --watch has no limit.');
}
