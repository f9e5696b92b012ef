import type { OAuthClientProvider, OAuthTokens } from '@modelcontextprotocol/client';
import {
  ClientCredentialsProvider,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { Logger } from '../../core/logger.ts';
import { type Sandbox, SandboxUnavailable } from '../../core/sandbox.ts';
import type { McpServer, SourceTool } from '../../core/tool-source.ts';
import type { HostPolicy } from '../../sandbox/egress/allowed-hosts.ts';
import type { Outlet } from '../../sandbox/egress/outlet.ts';
import { createMask, type Mask } from '../../sandbox/mask.ts';
import { saveSourceTools } from '../../store/tool-sources.ts';
import { openSecrets, type SecretDeps } from '../secrets.ts';
import { connectHttp, connectProgram, type McpAccess, type McpConnection } from './connection.ts';
import { type Lent, McpConnections } from './connections.ts';
import { AuthorizationNeeded, notingTokens, storedProvider } from './oauth.ts';
import { readTools } from './read-tools.ts';
import { type StdioDeps, startStdio } from './stdio.ts';

// The MCP servers of this process: connecting to them with their secrets, reading their tools, calling them.

export interface McpDeps extends SecretDeps, StdioDeps {
  readonly openOutlet: (policy: HostPolicy) => Outlet;
  readonly sandbox: Pick<Sandbox, 'serve' | 'backend'>;
  readonly logger: Logger;
  /** Of this server, as others are told. */
  readonly version: string;
}

/** A server's answer needs no more than this before the first call. */
const connectTimeoutMs = 15_000;
/** A list that was read so long ago is read again when the server is next connected to. */
const listIsOldAfterMs = 600_000;

export class McpClient implements AsyncDisposable {
  readonly #deps: McpDeps;
  readonly #connections: McpConnections;
  /** Tokens of OAuth that each server was last sent: a result may repeat them. */
  readonly #tokens = new Map<string, readonly string[]>();

  constructor(deps: McpDeps) {
    this.#deps = deps;
    this.#connections = new McpConnections({
      connect: (server, onToolsChanged) => this.#connect(server, onToolsChanged),
      onToolsChanged: (server, connection) => void this.#reread(server, connection),
    });
  }

  /** A connection for one call, and what hides the server's secrets in what comes back. */
  async take(server: McpServer): Promise<{ readonly lent: Lent; readonly mask: Mask }> {
    const { values } = await this.#secretsOf(server);
    const lent = await this.#connections.take(server);
    const isOld =
      server.toolsReadAt === null || Date.now() - server.toolsReadAt.getTime() > listIsOldAfterMs;
    if (lent.isFresh && isOld) void this.#reread(server, lent.connection);
    const maskNow = () => this.#maskOf(server, values);
    return {
      lent,
      // Tokens may be refreshed while it is lent.
      get mask() {
        return maskNow();
      },
    };
  }

  /** Connects and reads the server's tools, which are kept; so is a failure. Throws `McpUnusable`. */
  async readTools(server: McpServer, signal: AbortSignal): Promise<readonly SourceTool[]> {
    const { values } = await this.#secretsOf(server);
    try {
      using lent = await this.#connections.take(server);
      try {
        const tools = readTools(server.name, await lent.connection.listTools(signal));
        await saveSourceTools(this.#deps.db, server.id, { tools });
        return tools;
      } catch (error) {
        lent.discard();
        throw error;
      }
    } catch (error) {
      const problem = this.#maskOf(server, values).text(whyUnusable(error));
      await saveSourceTools(this.#deps.db, server.id, { problem });
      throw new McpUnusable(problem, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections[Symbol.asyncDispose]();
  }

  async #connect(server: McpServer, onToolsChanged: () => void): Promise<McpConnection> {
    const { config } = server;
    const { values, missing } = await this.#secretsOf(server);
    const [first] = missing;
    if (first !== undefined) {
      throw new McpUnusable(
        `the workspace has no secret ${first}, which the server's config names; set it with PUT /v1/secrets/${first}`,
      );
    }
    const options = {
      version: this.#deps.version,
      timeoutMs: Math.min(connectTimeoutMs, server.timeoutMs),
      onToolsChanged,
    };
    if (config.transport === 'stdio') {
      return await connectProgram(() => startStdio(this.#deps, config, values), options);
    }
    const { openOutlet } = this.#deps;
    const access = this.#accessOf(server, values);
    return await connectHttp(config, { ...options, openOutlet, access });
  }

  #accessOf(server: McpServer, values: Readonly<Record<string, string>>): McpAccess {
    if (server.config.transport === 'stdio') return { headers: {}, authProvider: null };
    const { auth } = server.config;
    const note = (tokens: OAuthTokens) => this.#noteTokens(server.id, tokens);
    const secretValue = (name: string | null) => (name === null ? '' : (values[name] ?? ''));
    switch (auth.type) {
      case 'none':
        return { headers: {}, authProvider: null };
      case 'header':
        return { headers: { [auth.name]: secretValue(auth.secret) }, authProvider: null };
      case 'bearer':
        return { headers: {}, authProvider: { token: async () => secretValue(auth.secret) } };
      case 'oauth_client_credentials':
        return {
          headers: {},
          authProvider: notingTokens(
            new ClientCredentialsProvider({
              clientId: auth.client_id,
              clientSecret: secretValue(auth.secret),
              ...(auth.scope === null ? {} : { scope: auth.scope }),
            }) as OAuthClientProvider,
            note,
          ),
        };
      case 'oauth':
        return {
          headers: {},
          authProvider: notingTokens(
            storedProvider(this.#deps, {
              sourceId: server.id,
              auth,
              clientSecret: auth.secret === null ? null : secretValue(auth.secret),
            }),
            note,
          ),
        };
    }
  }

  #noteTokens(serverId: string, tokens: OAuthTokens): void {
    const known = this.#tokens.get(serverId) ?? [];
    const given = [tokens.access_token, tokens.refresh_token].filter((one) => one !== undefined);
    if (given.every((token) => known.includes(token))) return;
    this.#tokens.set(serverId, [...new Set([...given, ...known])].slice(0, 8));
  }

  #maskOf(server: McpServer, values: Readonly<Record<string, string>>): Mask {
    const tokens = this.#tokens.get(server.id) ?? [];
    const named = tokens.map((token, index) => [`oauth_token_${index + 1}`, token] as const);
    return createMask({ ...values, ...Object.fromEntries(named) });
  }

  #secretsOf({ workspaceId, config }: McpServer) {
    return openSecrets(this.#deps, { workspaceId, names: secretNamesOf(config) });
  }

  async #reread(server: McpServer, connection: McpConnection): Promise<void> {
    try {
      const tools = readTools(
        server.name,
        await connection.listTools(AbortSignal.timeout(connectTimeoutMs)),
      );
      await saveSourceTools(this.#deps.db, server.id, { tools });
    } catch (error) {
      this.#deps.logger.warn(
        { err: error, server: server.id },
        'The tools could not be read again',
      );
    }
  }
}

/** The server cannot be used as it is; `message` says why, to be read after "the server cannot be used:". */
export class McpUnusable extends Error {
  override readonly name = 'McpUnusable';
}

/** Every secret that the config names. */
export function secretNamesOf(config: McpServer['config']): readonly string[] {
  if (config.transport === 'stdio') return config.secrets;
  return 'secret' in config.auth && config.auth.secret !== null ? [config.auth.secret] : [];
}

/** What went wrong, in words for people and models. */
export function whyUnusable(error: unknown): string {
  if (error instanceof AuthorizationNeeded || error instanceof McpUnusable) return error.message;
  const is401 = error instanceof SdkHttpError && error.status === 401;
  if (is401 || error instanceof UnauthorizedError) return 'it does not accept the credential (401)';
  if (error instanceof SandboxUnavailable) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, 1_000).toWellFormed();
}
