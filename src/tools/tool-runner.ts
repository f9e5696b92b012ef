import type { CustomTool } from '../core/custom-tool.ts';
import type { Sandbox, SandboxCall, SandboxOutcome } from '../core/sandbox.ts';
import { openSecrets, type SecretDeps } from './secrets.ts';

/** A call of a tool as the tool was written: what it names is still to be found. */
export interface ToolOrder extends Omit<SandboxCall, 'secrets'> {
  readonly workspaceId: string;
  readonly secretNames: readonly string[];
}

/** Runs custom tools with what they name. Throws like `Sandbox.run`. */
export interface ToolRunner {
  run(order: ToolOrder): Promise<SandboxOutcome>;
}

/** Every call reads its secrets anew: a value that was changed or taken away counts from the next call on. */
export function createToolRunner(
  deps: SecretDeps & { readonly sandbox: Pick<Sandbox, 'run'> },
): ToolRunner {
  return {
    async run({ workspaceId, secretNames, ...call }) {
      const { values, missing } = await openSecrets(deps, { workspaceId, names: secretNames });
      if (missing.length > 0) return unknownSecrets(missing);
      return deps.sandbox.run(secretNames.length === 0 ? call : { ...call, secrets: values });
    },
  };
}

/** What a tool itself says of a call: everything but its arguments, key and signal. */
export function orderOf(
  tool: CustomTool,
): Omit<ToolOrder, 'parametersJson' | 'key' | 'signal' | 'mayStart'> {
  const { allow = [] } = tool.network ?? {};
  return {
    language: tool.language,
    code: tool.code,
    timeoutMs: tool.timeoutMs,
    memoryMb: tool.memoryMb,
    workspaceId: tool.workspaceId,
    secretNames: tool.secrets,
    ...(tool.packages.length === 0 ? {} : { packages: tool.packages }),
    ...(allow.length === 0 ? {} : { network: allow }),
  };
}

function unknownSecrets(names: readonly string[]): SandboxOutcome {
  const [name = ''] = names;
  const what = names.length === 1 ? `the secret ${name}` : `the secrets ${names.join(', ')}`;
  const error =
    `The tool names ${what}, which the workspace does not have. Set it with PUT /v1/secrets/${name} ` +
    "or take it out of the tool's `secrets`.";
  return { ok: false, failure: 'unprepared', error, logs: null, runTimeMs: 0 };
}
