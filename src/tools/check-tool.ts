import type { ToolParameters } from '../core/custom-tool.ts';
import type { CodeParameters, Sandbox } from '../core/sandbox.ts';
import { type Problems, refusal } from '../core/validate.ts';
import type { WrittenTool } from './custom-tool-input.ts';
import { readParameters } from './parameter-definitions.ts';

export interface CheckedTool extends WrittenTool {
  readonly packages: readonly string[];
}

/**
 * Checks a tool's code, which runs nothing of it, and completes the tool with what was found: the packages
 * that it imports and, where its author gave none, its parameters. Throws `validation_error`.
 */
export async function checkTool(
  sandbox: Pick<Sandbox, 'check'>,
  tool: WrittenTool,
): Promise<CheckedTool> {
  const { problems, packages, parameters } = await sandbox.check(tool.language, tool.code);
  if (problems.length > 0) {
    const lines = problems.map(({ line, message }) =>
      line === null ? message : `line ${line}: ${message}`,
    );
    throw refusal(
      new Map([['code', `is not valid ${tool.language}: ${lines.slice(0, 5).join('; ')}`]]),
    );
  }
  if (tool.areParametersGiven) return { ...tool, packages };
  return { ...tool, packages, parameters: readFromCode(parameters) };
}

function readFromCode({ found, unmapped }: CodeParameters): ToolParameters {
  const problems: Problems = new Map();
  for (const { name, message, line } of unmapped) {
    const where = line === null ? '' : ` (line ${line} of the code)`;
    problems.set(`parameters.${name}`, `${message}${where}; or give \`parameters\` yourself`);
  }
  const parameters = readParameters(found, ['parameters'], problems);
  if (parameters === null || problems.size > 0) throw refusal(problems);
  return parameters;
}
