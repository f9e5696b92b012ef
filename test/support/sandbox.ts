import type {
  CheckedCode,
  CodeProblem,
  Sandbox,
  SandboxCall,
  SandboxOutcome,
} from '../../src/core/sandbox.ts';

/** A sandbox that runs nothing: it notes its calls, and its tests say what comes back. */
export interface NotedSandbox extends Pick<Sandbox, 'check' | 'run'> {
  readonly calls: SandboxCall[];
  outcome: SandboxOutcome | Error;
  /** What a check finds in the code. */
  findIn: (code: string) => Promise<readonly CodeProblem[]>;
  /** What a check finds besides. */
  found: Omit<CheckedCode, 'problems'>;
}

export function createNotedSandbox(): NotedSandbox {
  const sandbox: NotedSandbox = {
    calls: [],
    outcome: {
      ok: true,
      message: 'done',
      resultJson: '{"message":"done"}',
      logs: null,
      runTimeMs: 5,
    },
    findIn: async () => [],
    found: { packages: [], parameters: { found: {}, unmapped: [] } },
    check: async (_, code) => ({ problems: await sandbox.findIn(code), ...sandbox.found }),
    run: async (call) => {
      sandbox.calls.push(call);
      if (sandbox.outcome instanceof Error) throw sandbox.outcome;
      return sandbox.outcome;
    },
  };
  return sandbox;
}
