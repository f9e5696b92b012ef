import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiClient, One } from './api-client.ts';
import type { AgentView, ToolView } from './api-types.ts';
import { CliError } from './cli-error.ts';
import { unreadable } from './unreadable.ts';

// An example is a folder of plain files: `agent.json`, `payload.json`, and a folder a tool below `tools/`
// with `tool.json` and its code in `tool.py` or `tool.js`. The JSON files are what the API takes.

export interface ExampleTool {
  readonly language: 'python' | 'javascript';
  readonly code: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface Example {
  readonly agent: Readonly<Record<string, unknown>>;
  readonly tools: readonly ExampleTool[];
  /** JSON text. */
  readonly payload: string;
}

const codeFiles = { 'tool.py': 'python', 'tool.js': 'javascript' } as const;

/** The folder of an example that comes with Signalbox; the same from source and as a package. */
export function exampleFolder(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}/`, import.meta.url));
}

/** Reads an example. Throws `CliError` that names the file at fault. */
export async function readExample(folder: string): Promise<Example> {
  const toolsFolder = join(folder, 'tools');
  const names = (await reading(toolsFolder, readdir(toolsFolder))).toSorted();
  const payloadFile = join(folder, 'payload.json');
  return {
    agent: await readObject(join(folder, 'agent.json')),
    tools: await Promise.all(names.map((name) => readTool(join(toolsFolder, name)))),
    payload: await reading(payloadFile, readFile(payloadFile, 'utf8')),
  };
}

/** Makes the example's tools, then its agent, which names them. Throws `CliError`. */
export async function createExample(
  client: ApiClient,
  example: Example,
  request: { readonly workspaceId: string; readonly signal?: AbortSignal },
): Promise<{ readonly agent: AgentView; readonly tools: readonly ToolView[] }> {
  const create = async <T>(path: string, body: object) => {
    const answer = await client.send<One<T>>({
      method: 'POST',
      path,
      body: JSON.stringify({ ...body, workspace_id: request.workspaceId }),
      signal: request.signal,
    });
    return answer.body.data;
  };
  const tools: ToolView[] = [];
  for (const { definition, language, code } of example.tools) {
    tools.push(await create<ToolView>('/v1/custom-tools', { ...definition, language, code }));
  }
  return { tools, agent: await create<AgentView>('/v1/agents', example.agent) };
}

async function readTool(folder: string): Promise<ExampleTool> {
  const files = await reading(folder, readdir(folder));
  for (const [file, language] of Object.entries(codeFiles)) {
    if (!files.includes(file)) continue;
    const path = join(folder, file);
    const code = await reading(path, readFile(path, 'utf8'));
    return { definition: await readObject(join(folder, 'tool.json')), language, code };
  }
  throw new CliError(`${folder} has no code: it takes ${Object.keys(codeFiles).join(' or ')}.`);
}

async function readObject(file: string): Promise<Record<string, unknown>> {
  const text = await reading(file, readFile(file, 'utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${file} is not JSON: ${reason}`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new CliError(`${file} must hold a JSON object.`);
}

async function reading<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
