import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from '@modelcontextprotocol/client';
import type { SecretBox } from '../../core/secret-box.ts';
import type { McpAuth } from '../../core/tool-source.ts';
import type { Queryable } from '../../store/connect.ts';
import { putMcpCredentials, readMcpCredentials } from '../../store/mcp-credentials.ts';

// OAuth 2.1 of an MCP server, by the SDK (discovery, PKCE, registration, refresh): here is only what it
// remembers. Client and tokens are sealed for their server; a person is sent to authorize by
// `authorize.ts`, never in the middle of a run.

type StoredClient = Awaited<ReturnType<OAuthClientProvider['clientInformation']>>;

interface Remembered {
  readonly client?: StoredClient;
  readonly tokens?: OAuthTokens;
  readonly discovery?: OAuthDiscoveryState;
  /** What the client was registered with. */
  readonly redirectUrl?: string;
}

export interface OAuthDeps {
  readonly db: Queryable;
  readonly secretBox: SecretBox;
}

export interface OAuthServer {
  readonly sourceId: string;
  readonly auth: Extract<McpAuth, { type: 'oauth' }>;
  readonly clientSecret: string | null;
}

/** A person has to authorize first. */
export class AuthorizationNeeded extends Error {
  override readonly name = 'AuthorizationNeeded';
}

/** What an authorization needs besides: where to send the browser, and what it brings back. */
export interface Authorizing {
  readonly redirectUrl: string;
  readonly state: string;
  verifier: string | null;
  url: URL | null;
}

/** The SDK's provider over what is stored. Without `authorizing` it only uses and refreshes tokens. */
export function storedProvider(
  deps: OAuthDeps,
  server: OAuthServer,
  authorizing: Authorizing | null = null,
): OAuthClientProvider {
  const read = () => readRemembered(deps, server.sourceId);
  const keep = async (change: Remembered) => {
    await writeRemembered(deps, server.sourceId, { ...(await read()), ...change });
  };
  const { auth, clientSecret } = server;
  let lastRead: OAuthTokens | undefined;
  return {
    redirectUrl: authorizing?.redirectUrl ?? 'http://localhost/unused',
    clientMetadata: metadataOf(server, authorizing?.redirectUrl),
    state: () => authorizing?.state ?? '',
    clientInformation: async () => {
      if (auth.client_id !== null) {
        return {
          client_id: auth.client_id,
          ...(clientSecret === null ? {} : { client_secret: clientSecret }),
        };
      }
      const { client, redirectUrl } = await read();
      // Without a person there is nothing to register a client for.
      if (authorizing === null && client === undefined) throw needed(server.sourceId);
      // A client that was registered for another place to come back to is of no use there.
      const isForThis = authorizing === null || redirectUrl === authorizing.redirectUrl;
      return isForThis ? client : undefined;
    },
    saveClientInformation: async (client) => {
      await keep({
        client,
        ...(authorizing === null ? {} : { redirectUrl: authorizing.redirectUrl }),
      });
    },
    tokens: async () => {
      lastRead = (await read()).tokens;
      return lastRead;
    },
    saveTokens: (tokens) => keep({ tokens }),
    saveDiscoveryState: (discovery) => keep({ discovery }),
    discoveryState: async () => (await read()).discovery,
    redirectToAuthorization: (url) => {
      if (authorizing === null) throw needed(server.sourceId);
      authorizing.url = url;
    },
    saveCodeVerifier: (verifier) => {
      if (authorizing === null) throw needed(server.sourceId);
      authorizing.verifier = verifier;
    },
    codeVerifier: () => {
      if (authorizing?.verifier == null) throw needed(server.sourceId);
      return authorizing.verifier;
    },
    invalidateCredentials: async (what) => {
      const { client, tokens, discovery, ...rest } = await read();
      // What was refused is what was read: another process may have refreshed it since.
      const isNewer = tokens?.access_token !== lastRead?.access_token;
      await writeRemembered(deps, server.sourceId, {
        ...rest,
        ...(client !== undefined && what !== 'all' && what !== 'client' ? { client } : {}),
        ...(tokens !== undefined && (isNewer || (what !== 'all' && what !== 'tokens'))
          ? { tokens }
          : {}),
        ...(discovery !== undefined && what !== 'all' && what !== 'discovery' ? { discovery } : {}),
      });
    },
  };
}

/** The provider, telling of every token that goes through it. */
export function notingTokens(
  provider: OAuthClientProvider,
  note: (tokens: OAuthTokens) => void,
): OAuthClientProvider {
  const tokens = provider.tokens.bind(provider);
  const saveTokens = provider.saveTokens.bind(provider);
  provider.tokens = async (...context) => {
    const found = await tokens(...context);
    if (found !== undefined) note(found);
    return found;
  };
  provider.saveTokens = async (given, ...context) => {
    note(given);
    await saveTokens(given, ...context);
  };
  return provider;
}

/** Whether there are tokens of the server. */
export async function isAuthorized(deps: OAuthDeps, sourceId: string): Promise<boolean> {
  return (await readRemembered(deps, sourceId)).tokens !== undefined;
}

function metadataOf(
  { auth, clientSecret }: OAuthServer,
  redirectUrl: string | undefined,
): OAuthClientMetadata {
  return {
    client_name: 'Signalbox',
    redirect_uris: redirectUrl === undefined ? [] : [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: clientSecret === null ? 'none' : 'client_secret_basic',
    ...(auth.scope === null ? {} : { scope: auth.scope }),
  };
}

function needed(sourceId: string): AuthorizationNeeded {
  return new AuthorizationNeeded(
    `nobody has authorized it yet, or the authorization has ended; POST /v1/mcp-servers/${sourceId}/authorize gives the address where a person does`,
  );
}

async function readRemembered(deps: OAuthDeps, sourceId: string): Promise<Remembered> {
  const sealed = await readMcpCredentials(deps.db, sourceId);
  return sealed === null
    ? {}
    : (JSON.parse(deps.secretBox.open(sealed, placeOf(sourceId))) as Remembered);
}

async function writeRemembered(deps: OAuthDeps, sourceId: string, what: Remembered): Promise<void> {
  const sealed = deps.secretBox.seal(JSON.stringify(what), placeOf(sourceId));
  await putMcpCredentials(deps.db, { sourceId, sealed });
}

function placeOf(sourceId: string): string {
  return `mcp/${sourceId}`;
}
