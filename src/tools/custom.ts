import type { CustomTool } from '../core/custom-tool.ts';
import { checkArguments, parametersToJsonSchema } from './arguments.ts';
import { headAndTail } from './model-text.ts';
import type { AgentTool, CheckedToolArguments, ToolCall, ToolCallResult } from './tool.ts';
import { orderOf, type ToolRunner } from './tool-runner.ts';

/** A custom tool as the loop calls it. */
export function customAgentTool(runner: ToolRunner, tool: CustomTool): AgentTool {
  return {
    name: tool.name,
    description: tool.description,
    inputSchema: parametersToJsonSchema(tool.parameters),
    toolId: tool.id,
    version: tool.version,
    idempotent: tool.idempotent,
    requiresApproval: tool.requiresApproval,
    hasEffects: tool.hasEffects,
    check: (argumentsValue) => checkForModel(tool, argumentsValue),
    call: (call) => callInSandbox(runner, tool, call),
  };
}

function checkForModel(tool: CustomTool, argumentsValue: unknown): CheckedToolArguments {
  const checked = checkArguments(tool.parameters, argumentsValue);
  if (checked.ok) return checked;
  const problems = Object.entries(checked.problems).map(([name, problem]) => `${name} ${problem}`);
  return { ok: false, problem: `The arguments do not fit: ${problems.join('; ')}.` };
}

async function callInSandbox(
  runner: ToolRunner,
  tool: CustomTool,
  call: ToolCall,
): Promise<ToolCallResult> {
  const outcome = await runner.run({
    ...orderOf(tool),
    parametersJson: call.inputJson,
    key: call.key,
    signal: call.signal,
    ...(call.mayStart === undefined ? {} : { mayStart: call.mayStart }),
  });
  const { logs, runTimeMs, connections } = outcome;
  const common = { logs, runTimeMs, ...(connections && { connections }) };
  if (!outcome.ok) {
    const modelText = headAndTail(`The tool failed: ${outcome.error}`);
    return { ok: false, error: outcome.error, modelText, ...common };
  }
  const { resultJson, files } = outcome;
  const modelText = headAndTail(toModelJson(resultJson));
  return { ok: true, outputJson: resultJson, modelText, ...(files && { files }), ...common };
}

// The text as the tool gave it where it can stay: parsing would lose digits of long numbers.
function toModelJson(resultJson: string): string {
  const result = JSON.parse(resultJson) as { message?: unknown; rawData?: unknown };
  const others = Object.keys(result).filter((name) => name !== 'message' && name !== 'rawData');
  if (others.length === 0) return resultJson;
  return JSON.stringify({ message: result.message, rawData: result.rawData });
}
