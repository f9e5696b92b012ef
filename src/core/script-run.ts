// A script that an agent had run on a machine.

export const scriptRunStatuses = ['running', 'done', 'failed', 'interrupted'] as const;
export type ScriptRunStatus = (typeof scriptRunStatuses)[number];

export interface ScriptRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly agent: { readonly id: string; readonly number: number; readonly name: string };
  /** Both ids of the run, and the step that ran it. */
  readonly run: { readonly id: string; readonly runId: string; readonly stepId: string };
  readonly script: { readonly id: string; readonly name: string };
  /** What its system calls the machine. */
  readonly machineId: string;
  /** The tool that ran it, and JSON text of what it was given. */
  readonly toolName: string;
  readonly inputJson: string;
  /** `interrupted`: a crash took the call, and nobody knows how it ended. */
  readonly status: ScriptRunStatus;
  readonly outputJson: string | null;
  readonly error: string | null;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
}
