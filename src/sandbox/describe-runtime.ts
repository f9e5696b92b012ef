import { type ToolLanguage, toolDefaults, toolMaxima } from '../core/custom-tool.ts';
import type { RuntimeDescription, RuntimePackages, SandboxBackend } from '../core/sandbox.ts';
import { limits } from './limits.ts';

const entrypoints: Record<ToolLanguage, string> = {
  python: 'def main(**params)',
  javascript: 'async function main(params)',
};

const templates: Record<ToolLanguage, string> = {
  python: `def main(name: str = "world", **params):
    greeting = f"Hello, {name}!"
    return {"message": greeting, "rawData": {"length": len(greeting)}}
`,
  javascript: `async function main({ name = 'world' }) {
  const greeting = \`Hello, \${name}!\`;
  return { message: greeting, rawData: { length: greeting.length } };
}
`,
};

/** What an author of a tool may rely on in one language. */
export function describeRuntime(runtime: {
  readonly language: ToolLanguage;
  readonly version: string;
  readonly backend: SandboxBackend;
  readonly layers: readonly string[];
  readonly modules: readonly string[];
  readonly packages: RuntimePackages;
}): RuntimeDescription {
  const { language, version, backend, layers, modules, packages } = runtime;
  return {
    language,
    version,
    backend,
    layers,
    entrypoint: entrypoints[language],
    returnShape: '{message: string, rawData?: any}',
    template: templates[language],
    builtinModules: modules,
    packages,
    limits: {
      defaultTimeoutMs: toolDefaults.timeoutMs,
      maxTimeoutMs: toolMaxima.timeoutMs,
      defaultMemoryMb: toolDefaults.memoryMb,
      maxMemoryMb: toolMaxima.memoryMb,
      maxLogsBytes: limits.maxLogsBytes,
      maxResultBytes: limits.maxResultBytes,
    },
    network: false,
  };
}
