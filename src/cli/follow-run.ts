import type { One } from './api-client.ts';
import type { RunView, StepView } from './api-types.ts';
import { exitCodes } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import { duration } from './figures.ts';
import { runPath } from './find.ts';
import { watchRun } from './run-stream.ts';
import type { TraceHead } from './trace.ts';
import { createTracePrinter } from './trace-printer.ts';

export interface FollowedRun {
  readonly run: RunView;
  readonly steps: readonly StepView[];
}

/** Prints a run's trace from its first step to its end, and gives the run as it ended. */
export async function followRun(
  { client, out }: Pick<CommandContext, 'client' | 'out'>,
  request: {
    readonly agentId: string;
    readonly runId: string;
    readonly head: TraceHead;
    readonly signal?: AbortSignal;
  },
): Promise<FollowedRun> {
  const { agentId, runId, signal } = request;
  const printer = createTracePrinter(out);
  const steps = new Map<string, StepView>();
  printer.head(request.head);
  const onReconnect = (waitMs: number) =>
    printer.note(`connection lost, trying again in ${duration(waitMs)}`);
  for await (const event of watchRun(client, { agentId, runId, signal, onReconnect })) {
    if (event.kind === 'end') break;
    steps.set(event.step.step_id, event.step);
    printer.step(event.step);
  }
  const { body } = await client.send<One<RunView>>({ path: runPath(agentId, runId), signal });
  printer.end(body.data);
  return { run: body.data, steps: [...steps.values()] };
}

/** The same for programs: each event's data on a line of its own, then the API's answer for the run. */
export async function followRunAsJson(
  { client, out, io }: Pick<CommandContext, 'client' | 'out' | 'io'>,
  request: { readonly agentId: string; readonly runId: string },
): Promise<RunView> {
  for await (const event of watchRun(client, { ...request, signal: io.readerGone })) {
    if (event.kind === 'end') break;
    out.line(event.data);
  }
  const path = runPath(request.agentId, request.runId);
  const { body, text } = await client.send<One<RunView>>({ path });
  out.line(text);
  return body.data;
}

/** A script that waits for a run goes by this: 0 only when the run completed. */
export function exitCodeOf(run: Pick<RunView, 'status'>): number {
  if (run.status === 'completed') return 0;
  return run.status === 'failed' ? exitCodes.failed : exitCodes.stillRunning;
}
