import type { Command } from 'commander';
import { reporting } from '../command-context.ts';
import { scriptedModel } from '../demo/choose-model.ts';
import { runDemo } from '../demo/run-demo.ts';
import { exitCodeOf } from '../follow-run.ts';
import type { CliIo } from '../io.ts';
import { createTerminal } from '../terminal.ts';

const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** `signalbox demo`: the product from start to end, on a server that is gone afterwards. */
export function registerDemoCommand(program: Command, io: CliIo): void {
  program
    .command('demo')
    .description('start a throw-away server, run an agent on it, and show its trace')
    .action(async () => {
      await reporting(io, () => demo(io));
    });
}

async function demo(io: CliIo): Promise<void> {
  const out = createTerminal(io.stdout, io.env);
  const notes = createTerminal(io.stderr, io.env);
  const stop = stopOnSignals(() => notes.line(notes.style.dim('\nstopping …')));
  try {
    const run = await runDemo({ io, out, notes }, AbortSignal.any([stop.signal, io.readerGone]));
    io.setExitCode(exitCodeOf(run));
    if (run.status !== 'completed') return;
    out.line();
    if (run.model === scriptedModel) {
      out.line(
        out.style.dim('With OPENAI_API_KEY or ANTHROPIC_API_KEY set, a real model answers.'),
      );
    }
    out.line(`${out.style.dim('A server of your own:')} signalbox start`);
  } catch (error) {
    const code = stop.exitCode();
    if (code === null) throw error;
    io.setExitCode(code);
  } finally {
    stop.release();
  }
}

/** The first signal asks for an orderly end, so that server and directory go; what comes after is ignored. */
function stopOnSignals(onFirst: () => void): {
  readonly signal: AbortSignal;
  readonly exitCode: () => number | null;
  readonly release: () => void;
} {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const handlers = Object.entries(stopSignals).map(([name, code]) => {
    const handler = () => {
      if (exitCode !== null) return;
      exitCode = code;
      onFirst();
      controller.abort();
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => {
      for (const off of handlers) off();
    },
  };
}
