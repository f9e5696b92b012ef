import { createHash, randomBytes } from 'node:crypto';
import { auth } from '@modelcontextprotocol/client';
import { ApiError } from '../../core/errors.ts';
import type { McpServer } from '../../core/tool-source.ts';
import { insertMcpAuthorization, takeMcpAuthorization } from '../../store/mcp-credentials.ts';
import { getToolSource } from '../../store/tool-sources.ts';
import { openSecrets } from '../secrets.ts';
import { guardedFetch, mcpPolicy } from './connection.ts';
import { type McpDeps, secretNamesOf, whyUnusable } from './mcp-client.ts';
import { type Authorizing, storedProvider } from './oauth.ts';

// How a person authorizes this server at an MCP server: they are sent to its authorization server with PKCE
// and a `state` of ours, and come back to the callback, which is told apart by that `state` alone. A state
// counts once, for ten minutes, for one server.

type AuthorizeDeps = Pick<McpDeps, 'db' | 'secretBox' | 'openOutlet'>;

interface Pending {
  readonly redirectUrl: string;
  readonly verifier: string;
}

/**
 * Where to send the person; null when the stored tokens still serve. Throws `conflict` for a server without
 * OAuth, `unprocessable` when its authorization server cannot be used.
 */
export async function beginAuthorization(
  deps: AuthorizeDeps,
  server: McpServer,
  redirectUrl: string,
): Promise<URL | null> {
  const state = randomBytes(32).toString('base64url');
  const authorizing: Authorizing = { redirectUrl, state, verifier: null, url: null };
  await authorizeWith(deps, server, authorizing, {});
  const { url, verifier } = authorizing;
  if (url === null || verifier === null) return null;
  const pending: Pending = { redirectUrl, verifier };
  await insertMcpAuthorization(deps.db, {
    stateHash: hashOf(state),
    sourceId: server.id,
    sealed: deps.secretBox.seal(JSON.stringify(pending), placeOf(server.id)),
  });
  return url;
}

/** Takes what the browser brought back. Throws `validation_error`, `not_found`, `unprocessable`. */
export async function finishAuthorization(
  deps: AuthorizeDeps,
  callback: {
    readonly state: string;
    readonly code?: string | undefined;
    readonly iss?: string | undefined;
  },
): Promise<McpServer> {
  const found = await takeMcpAuthorization(deps.db, hashOf(callback.state));
  const server =
    found === null
      ? null
      : await getToolSource(deps.db, 'all', { kind: 'mcp', id: found.sourceId });
  if (found === null || server === null) {
    throw new ApiError('not_found', 'This authorization is not known, was used, or is too old.');
  }
  if (callback.code === undefined) {
    throw new ApiError('unprocessable', 'The authorization was refused.');
  }
  const pending = JSON.parse(deps.secretBox.open(found.sealed, placeOf(server.id))) as Pending;
  const authorizing: Authorizing = { ...pending, state: callback.state, url: null };
  const { code: authorizationCode, iss } = callback;
  await authorizeWith(deps, server, authorizing, {
    authorizationCode,
    ...(iss === undefined ? {} : { iss }),
  });
  return server;
}

async function authorizeWith(
  deps: AuthorizeDeps,
  server: McpServer,
  authorizing: Authorizing,
  code: { readonly authorizationCode?: string; readonly iss?: string },
): Promise<void> {
  const { config, workspaceId } = server;
  if (config.transport === 'stdio' || config.auth.type !== 'oauth') {
    throw new ApiError('conflict', 'The server is not configured with `auth` of type `oauth`.');
  }
  const { values } = await openSecrets(deps, { workspaceId, names: secretNamesOf(config) });
  const clientSecret = config.auth.secret === null ? null : (values[config.auth.secret] ?? null);
  const url = new URL(config.url);
  const provider = storedProvider(
    deps,
    { sourceId: server.id, auth: config.auth, clientSecret },
    authorizing,
  );
  try {
    await auth(provider, {
      serverUrl: url,
      fetchFn: guardedFetch(mcpPolicy(url), deps.openOutlet),
      ...(config.auth.scope === null ? {} : { scope: config.auth.scope }),
      ...code,
    });
  } catch (error) {
    throw new ApiError('unprocessable', `The server cannot be authorized: ${whyUnusable(error)}`, {
      cause: error,
    });
  }
}

function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}

function placeOf(sourceId: string): string {
  return `mcp-authorization/${sourceId}`;
}
