import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type AuthProvider,
  type CallToolResult,
  Client,
  type OAuthClientProvider,
  SdkHttpError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from '@modelcontextprotocol/client';
import type { CallConnection } from '../../core/sandbox.ts';
import type { McpConfig } from '../../core/tool-source.ts';
import type { HostPolicy } from '../../sandbox/egress/allowed-hosts.ts';
import type { Outlet } from '../../sandbox/egress/outlet.ts';
import { limitBody } from './limit-body.ts';
import type { ProgramTransport } from './stdio.ts';
import { quietTokenRefusals } from './token-answers.ts';

// One connection to an MCP server: the SDK's client over the transport that its config names. Every protocol
// generation that the SDK knows: it asks for the newest and falls back to the handshake before it; where a
// server answers that to the point of refusing, over HTTP, the transport of 2024 (SSE) is tried.
//
// Held: the SDK has no `fetch` but ours, so every request, those of OAuth included, goes through the guard;
// answers have a bound; a redirect leads nowhere but to the same origin.
// Not protected: what the server says of its own tools. Who adds a server trusts its descriptions and hints.

export type HttpConfig = Extract<McpConfig, { transport: 'http' | 'sse' }>;

/** What goes with each request; values of secrets, opened. */
export interface McpAccess {
  readonly headers: Readonly<Record<string, string>>;
  readonly authProvider: AuthProvider | OAuthClientProvider | null;
}

export interface McpConnection extends AsyncDisposable {
  readonly isOpen: boolean;
  listTools(signal: AbortSignal): Promise<readonly Tool[]>;
  /** With the connections that the call made. Throws what the SDK throws. */
  callTool(call: {
    readonly name: string;
    readonly input: Record<string, unknown>;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  }): Promise<CallToolResult>;
  /**
   * Notes what is connected to while `work` runs. Of a program over stdio that is what it asked for meanwhile,
   * for whichever of its calls; connections that it had kept open before are not in it.
   */
  traced<T>(work: () => Promise<T>): {
    readonly result: Promise<T>;
    connections(): readonly CallConnection[];
  };
}

export interface ConnectOptions {
  readonly version: string;
  readonly timeoutMs: number;
  readonly onToolsChanged: () => void;
}

/** Ways in, tried in order. Each is started anew. */
interface Way<Kind extends Transport = Transport> {
  readonly transport: () => Promise<Kind> | Kind;
  readonly isModern: boolean;
}

/** Makes `McpConnection.traced` for a transport. */
type Tracing<Kind extends Transport> = (transport: Kind) => McpConnection['traced'];

/** Connects over HTTP. Throws what the SDK and the guard throw. */
export async function connectHttp(
  config: HttpConfig,
  given: ConnectOptions & {
    readonly openOutlet: (policy: HostPolicy) => Outlet;
    readonly access: McpAccess;
  },
): Promise<McpConnection> {
  const url = new URL(config.url);
  const trace = new AsyncLocalStorage<Outlet[]>();
  const fetch = guardedFetch(mcpPolicy(url), given.openOutlet, trace);
  const { headers, authProvider } = given.access;
  const options = {
    fetch,
    requestInit: { headers: { ...headers } },
    ...(authProvider === null ? {} : { authProvider }),
  };
  const streamable: Way = {
    transport: () =>
      new StreamableHTTPClientTransport(url, {
        ...options,
        reconnectionOptions: {
          maxRetries: 2,
          initialReconnectionDelay: 1_000,
          maxReconnectionDelay: 10_000,
          reconnectionDelayGrowFactor: 2,
        },
      }),
    isModern: true,
  };
  const sse: Way = { transport: () => new SSEClientTransport(url, options), isModern: false };
  const ways = config.transport === 'sse' ? [sse] : [streamable, sse];
  return await connect(ways, given, () => (work) => {
    const outlets: Outlet[] = [];
    return {
      result: trace.run(outlets, work),
      connections: () => outlets.flatMap((outlet) => outlet.connections()).slice(0, 256),
    };
  });
}

/** Connects to a program; one that breaks off at the newest handshake is started again for the older one. */
export async function connectProgram(
  transport: () => Promise<ProgramTransport>,
  given: ConnectOptions,
): Promise<McpConnection> {
  const ways = [true, false].map((isModern) => ({ transport, isModern }));
  return await connect(ways, given, (program) => (work) => {
    const watch = program.watchConnections();
    return {
      result: work().finally(() => watch[Symbol.dispose]()),
      connections: () => watch.connections(),
    };
  });
}

/** The `fetch` of one server: the outlet of a request lives as long as its answer. */
export function guardedFetch(
  policy: HostPolicy,
  openOutlet: (policy: HostPolicy) => Outlet,
  trace?: AsyncLocalStorage<Outlet[]>,
) {
  return quietTokenRefusals(async (url, init) => {
    const outlet = openOutlet(policy);
    trace?.getStore()?.push(outlet);
    return limitBody(await outlet.sendLast(url, init));
  });
}

/** The server's own port; elsewhere (authorization servers) https alone. */
export function mcpPolicy(url: URL): HostPolicy {
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return {
    ownHost: url.hostname,
    portsAt: (name) => (name === url.hostname ? [...new Set([port, 443])] : [443]),
    refusal: (name) => `${name} cannot be reached.`,
  };
}

async function connect<Kind extends Transport>(
  ways: readonly Way<Kind>[],
  options: ConnectOptions,
  tracing: Tracing<Kind>,
): Promise<McpConnection> {
  const failures: unknown[] = [];
  for (const way of ways) {
    try {
      return await open(way, options, tracing);
    } catch (error) {
      failures.push(error);
      if (!mayBeOlder(error)) break;
    }
  }
  throw failures[0];
}

/** An HTTP server that is not of the newer transport answers its first request with one of these. */
function mayBeOlder(error: unknown): boolean {
  if (error instanceof SdkHttpError) return [400, 404, 405, 406, 415].includes(error.status);
  return error instanceof Error && /closed/i.test(error.message);
}

async function open<Kind extends Transport>(
  way: Way<Kind>,
  { version, timeoutMs, onToolsChanged }: ConnectOptions,
  tracing: Tracing<Kind>,
): Promise<McpConnection> {
  const client = new Client(
    { name: 'signalbox', version },
    {
      capabilities: {},
      versionNegotiation: { mode: way.isModern ? 'auto' : 'legacy' },
      // Compiling a stranger's schema can be made to take forever, and what a tool returns is for the model.
      jsonSchemaValidator: { getValidator: () => acceptAnything },
      listMaxPages: 20,
      listChanged: { tools: { autoRefresh: false, onChanged: () => onToolsChanged() } },
    },
  );
  let isOpen = true;
  client.onclose = () => {
    isOpen = false;
  };
  // Told of by the call that it concerns.
  client.onerror = () => {};
  const transport = await way.transport();
  try {
    await client.connect(transport, { timeout: timeoutMs });
  } catch (error) {
    await client.close().catch(() => {});
    await transport.close().catch(() => {});
    throw error;
  }
  return {
    get isOpen() {
      return isOpen;
    },
    listTools: async (signal) => (await client.listTools({}, { signal, timeout: timeoutMs })).tools,
    callTool: ({ name, input, signal, timeoutMs: timeout }) =>
      client.callTool(
        { name, arguments: input },
        { signal, timeout, maxTotalTimeout: timeout, resetTimeoutOnProgress: false },
      ),
    traced: tracing(transport),
    [Symbol.asyncDispose]: async () => {
      isOpen = false;
      if (transport instanceof StreamableHTTPClientTransport) await endSession(transport);
      await client.close().catch(() => {});
    },
  };
}

/** Told for the server's sake only. */
async function endSession(transport: StreamableHTTPClientTransport): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 1_000);
  await Promise.race([transport.terminateSession().catch(() => {}), late]);
  clearTimeout(timer);
}

function acceptAnything(input: unknown) {
  return { valid: true, data: input as never, errorMessage: undefined } as const;
}
