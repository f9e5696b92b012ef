import { z } from 'zod';
import { newId } from '../core/ids.ts';
import { isObject } from '../core/is-object.ts';
import { type ExternalRecord, recordMaxima } from '../core/record.ts';
import type { Run } from '../core/run.ts';
import type { Database } from '../store/connect.ts';
import { endScriptRun, insertScriptRun } from '../store/script-runs.ts';
import { listEnabledSources } from '../store/tool-sources.ts';
import { checkedBy } from '../tools/checked-by.ts';
import { failedCall } from '../tools/failed-call.ts';
import { runScriptOffer, runScriptToolName } from '../tools/run-script-offer.ts';
import { sourceNameIn } from '../tools/sources/tool-names.ts';
import type { AgentTool, ToolCall, ToolCallResult } from '../tools/tool.ts';
import type { ConnectedTools } from '../tools/tool-shelf.ts';
import { fieldOf } from './check-data.ts';
import { findOneForRun } from './find-for-run.ts';

// Scripts on machines. What reaches the machine is a tool of an MCP server or of an OpenAPI document (a webhook is
// an operation of one), with its credentials, guard and limits; here is what may be asked of it. Held: every call
// is approved by a person, as calls of any tool are; only scripts that the workspace describes, on machines that it
// knows, both within what the run may read; what a script fixes no model changes.

export interface ScriptToolDeps {
  readonly db: Database;
  readonly connected: Pick<ConnectedTools, 'sourceTools'>;
}

/** What is larger is in the step alone. */
const listedChars = 32_768;

type OfRun = Pick<Run, 'id' | 'workspaceId' | 'agentId' | 'contactId' | 'parentRunId'>;

const key = z.string().min(1).max(recordMaxima.key);
const argumentsSchema = z.strictObject({
  script_id: key,
  machine_id: key,
  arguments: z.record(z.string(), z.unknown()).default({}),
});
type Arguments = z.output<typeof argumentsSchema>;

/** The tool of a run by which scripts are run on machines. */
export function scriptTool(deps: ScriptToolDeps, run: OfRun): AgentTool {
  return {
    name: runScriptToolName,
    ...runScriptOffer,
    ...{ toolId: null, version: null, idempotent: false, requiresApproval: true, hasEffects: true },
    check: checkedBy(argumentsSchema),
    call: async (call) => {
      const given = argumentsSchema.parse(JSON.parse(call.inputJson));
      const planned = await plan(deps, run, given);
      return typeof planned === 'string'
        ? failedCall(planned)
        : await carryOut(deps, run, planned, call);
    },
  };
}

interface Planned {
  readonly script: ExternalRecord;
  readonly machineId: string;
  readonly tool: AgentTool;
  readonly inputJson: string;
}

/** What is to be called and with what, or why it is not, in words for the model. */
async function plan(deps: ScriptToolDeps, run: OfRun, given: Arguments): Promise<Planned | string> {
  const find = (kind: string, externalId: string) =>
    findOneForRun(deps.db, { run, kind, externalId });
  const found = await find('rmm-scripts', given.script_id);
  if (!found.ok) return found.problem;
  const script = found.record;
  if (fieldOf(script.data, 'is_enabled') === false) return 'The script is switched off.';
  const machine = await find('psa-configuration', given.machine_id);
  if (!machine.ok) return machine.problem;
  const toolName = String(fieldOf(script.data, 'tool'));
  const sources = await listEnabledSources(deps.db, run.workspaceId);
  const source = sources.find(({ name }) => name === sourceNameIn(toolName));
  const tool = source && deps.connected.sourceTools(source).find(({ name }) => name === toolName);
  if (tool === undefined) return `The tool ${toolName}, which runs the script, is not there.`;
  const fixed = fieldOf(script.data, 'arguments');
  const argument = String(fieldOf(script.data, 'machine_argument') ?? 'machine_id');
  const machineIn = atPath(pathOf(argument, tool), given.machine_id);
  const checked = tool.check(
    overlaid(overlaid(given.arguments, isObject(fixed) ? fixed : {}), machineIn),
  );
  if (!checked.ok) return checked.problem;
  const inputJson = JSON.stringify(checked.value);
  return { script, machineId: given.machine_id, tool, inputJson };
}

type Fields = Readonly<Record<string, unknown>>;

/** What is given with `over` on top: where both have an object, member by member. */
function overlaid(given: Fields, over: Fields): Record<string, unknown> {
  const members = Object.entries(over).map(([name, value]) => {
    const below = Object.hasOwn(given, name) ? given[name] : undefined;
    return [name, isObject(below) && isObject(value) ? overlaid(below, value) : value];
  });
  return Object.fromEntries([...Object.entries(given), ...members]);
}

/** `body.machine` is in the body, unless the tool has an argument of that very name. */
function pathOf(argument: string, { inputSchema }: Pick<AgentTool, 'inputSchema'>): string[] {
  const { properties } = inputSchema;
  const isName = isObject(properties) && Object.hasOwn(properties, argument);
  return isName ? [argument] : argument.split('.');
}

function atPath(path: readonly string[], value: string): Fields {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Fields;
}

async function carryOut(
  { db }: ScriptToolDeps,
  run: OfRun,
  { script, machineId, tool, inputJson }: Planned,
  call: ToolCall,
): Promise<ToolCallResult> {
  await insertScriptRun(db, {
    id: newId('scriptRun'),
    ...{ workspaceId: run.workspaceId, runId: run.id, agentId: run.agentId, callKey: call.key },
    ...{ scriptId: script.externalId, scriptName: String(fieldOf(script.data, 'name')) },
    ...{ machineId, toolName: tool.name, inputJson },
  });
  const result = await tool.call({ ...call, inputJson });
  const ended = result.ok
    ? { outputJson: result.outputJson.length > listedChars ? null : result.outputJson, error: null }
    : { outputJson: null, error: result.error };
  await endScriptRun(db, call.key, ended);
  return result;
}
