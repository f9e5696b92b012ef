import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import {
  type ConnectionWatch,
  type Sandbox,
  SandboxUnavailable,
  type ServedProcess,
} from '../../core/sandbox.ts';
import type { McpConfig } from '../../core/tool-source.ts';

// MCP servers that are programs: they run in the jail, never beside it. Their files are a folder that the
// operator put below `mcp-servers/` of the data directory; who may use the API names the folder, and can
// name no other path of the machine.

export interface StdioDeps {
  readonly sandbox: Pick<Sandbox, 'serve' | 'backend'>;
  /** `mcp-servers/` of the data directory. */
  readonly mcpServersDir: string;
}

type StdioConfig = Extract<McpConfig, { transport: 'stdio' }>;

/** Starts the server's program. Throws `SandboxUnavailable` with the reason where it cannot be. */
export async function startStdio(
  deps: StdioDeps,
  config: StdioConfig,
  secrets: Readonly<Record<string, string>>,
): Promise<ProgramTransport> {
  const reason = whyNoStdio(deps.sandbox);
  if (reason !== null || deps.sandbox.serve === undefined)
    throw new SandboxUnavailable(reason ?? '');
  const directory = await realpath(join(deps.mcpServersDir, config.directory)).catch(() => null);
  if (directory === null) {
    throw new SandboxUnavailable(
      `there is no folder "${config.directory}" in mcp-servers/ of the server's data directory; whoever runs the server installs it there`,
    );
  }
  const allow = config.network?.allow ?? [];
  const served = await deps.sandbox.serve({
    language: config.runtime === 'node' ? 'javascript' : 'python',
    directory,
    args: config.args,
    env: { ...config.env, ...secrets },
    memoryMb: config.memory_mb,
    ...(allow.length === 0 ? {} : { network: allow }),
  });
  return new ServedTransport(served);
}

/** Why no server can be a program on this machine; null when they can. */
export function whyNoStdio(sandbox: StdioDeps['sandbox']): string | null {
  if (sandbox.serve !== undefined) return null;
  return `MCP servers over stdio run in the jail, which this server does not have (its sandbox is "${sandbox.backend}"); install bubblewrap and set SIGNALBOX_SANDBOX=jail, or use a server over HTTP`;
}

/** A transport to a program, which opens connections by itself. */
export interface ProgramTransport extends Transport {
  watchConnections(): ConnectionWatch;
}

class ServedTransport implements ProgramTransport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #served: ServedProcess;
  readonly #buffer = new ReadBuffer({ maxBufferSize: 32 * 1_048_576 });

  constructor(served: ServedProcess) {
    this.#served = served;
  }

  async start(): Promise<void> {
    void this.#read();
    void this.#served.closed.then(() => {
      const printed = this.#served.printed().trim();
      this.onerror?.(
        new Error(`The program has ended.${printed === '' ? '' : ` It printed: ${printed}`}`),
      );
      this.onclose?.();
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#served.write(serializeMessage(message));
  }

  watchConnections(): ConnectionWatch {
    return this.#served.watchConnections();
  }

  async close(): Promise<void> {
    await this.#served[Symbol.asyncDispose]();
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#served.output) {
        this.#buffer.append(Buffer.from(chunk));
        for (;;) {
          const message = this.#buffer.readMessage();
          if (message === null) break;
          this.onmessage?.(message);
        }
      }
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      await this.close();
    }
  }
}
