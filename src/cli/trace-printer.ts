import type { RunView, StepView } from './api-types.ts';
import type { Terminal } from './terminal.ts';
import { endLines, headLines, stepLines, type TraceHead, waitingLine } from './trace.ts';

/** Prints a trace while it comes: each step once, when it has ended. */
export interface TracePrinter {
  head(head: TraceHead): void;
  step(step: StepView): void;
  end(run: RunView): void;
  /** A line of ours between the steps. */
  note(text: string): void;
}

export function createTracePrinter(terminal: Terminal): TracePrinter {
  const steps = new Map<string, StepView>();
  let waiting = false;

  const print = (lines: readonly string[]) => {
    // The line that says what is waited for gives way to what came.
    if (waiting) terminal.write('\r\u001b[2K');
    waiting = false;
    for (const line of lines) terminal.line(line);
  };
  const wait = () => {
    if (!terminal.isInteractive) return;
    const running = [...steps.values()].findLast((step) => step.status === 'running') ?? null;
    terminal.write(waitingLine(running, terminal));
    waiting = true;
  };
  return {
    head: (head) => {
      print(headLines(head, terminal));
      wait();
    },
    step: (step) => {
      if (steps.get(step.step_id)?.status === step.status) return;
      steps.set(step.step_id, step);
      print(stepLines(step, terminal));
      wait();
    },
    end: (run) => print(endLines(run, [...steps.values()], terminal)),
    note: (text) => {
      print([terminal.style.dim(`│  ${text}`)]);
      wait();
    },
  };
}
