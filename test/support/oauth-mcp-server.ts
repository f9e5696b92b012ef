import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from './certificate.ts';
import { sendJson } from './tiny-server.ts';

// An MCP server over https that wants a credential, and its authorization server at the same address: RFC 9728
// and 8414 metadata, 7591 registration, 7636 PKCE (S256 alone), rotating refresh tokens, client credentials.

export interface OAuthMcpServer extends AsyncDisposable {
  readonly certificate: string;
  readonly url: string;
  /** Every token, code and client secret that it gave out. */
  readonly issued: string[];
  /** Requests of the token endpoint, by grant. */
  readonly grants: { readonly grant: string; readonly status: number }[];
  /** `Authorization` and `X-Api-Key` of the requests of MCP. */
  readonly seen: { authorization: string | undefined; apiKey: string | undefined }[];
  /** Names of its tools beside `whoami`, as it lists them now. */
  readonly extraTools: string[];
  readonly clients: Map<
    string,
    { readonly redirectUris: readonly string[]; secret: string | null }
  >;
  /** What else it accepts: a fixed bearer token, a fixed key. */
  fixed: { readonly bearer?: string; readonly apiKey?: string };
  /** Access tokens that were given out are worth nothing from now on. */
  expireAccess(): void;
  /** And refresh tokens neither. */
  revokeAll(): void;
  /** The token endpoint answers errors with what it was sent, as a bad one might. */
  echoes: boolean;
  /** Goes through the page where a person agrees: the query that the browser is sent back with. */
  agree(authorizationUrl: string): URLSearchParams;
}

interface Code {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
}

export async function startOAuthMcpServer(): Promise<OAuthMcpServer> {
  const { key, cert } = makeCertificate(['mcp.test']);
  const codes = new Map<string, Code>();
  const access = new Set<string>();
  const refresh = new Map<string, string>();
  let base = '';
  const issue = (prefix: string) => {
    const value = `${prefix}-${randomBytes(18).toString('hex')}`;
    self.issued.push(value);
    return value;
  };
  const self: OAuthMcpServer = {
    certificate: cert,
    url: '',
    issued: [],
    grants: [],
    seen: [],
    extraTools: [],
    clients: new Map(),
    fixed: {},
    echoes: false,
    expireAccess: () => access.clear(),
    revokeAll: () => {
      access.clear();
      refresh.clear();
    },
    agree: (authorizationUrl) => {
      const asked = new URL(authorizationUrl).searchParams;
      const clientId = asked.get('client_id') ?? '';
      const redirectUri = asked.get('redirect_uri') ?? '';
      const isKnown = self.clients.get(clientId)?.redirectUris.includes(redirectUri) === true;
      if (!isKnown || asked.get('code_challenge_method') !== 'S256') throw new Error('Refused.');
      const code = issue('code');
      const challenge = asked.get('code_challenge') ?? '';
      codes.set(code, { clientId, redirectUri, challenge });
      return new URLSearchParams({ code, state: asked.get('state') ?? '', iss: base });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer({ key, cert }, async (request, response) => {
    const body = await readBody(request);
    const { pathname } = new URL(request.url ?? '/', base);
    if (pathname === '/mcp') return serveMcp(request, response, body);
    if (pathname.startsWith('/.well-known/oauth-protected-resource')) {
      return sendJson(response, { resource: `${base}/mcp`, authorization_servers: [base] });
    }
    if (pathname === '/.well-known/oauth-authorization-server')
      return sendJson(response, metadata());
    if (pathname === '/register') return register(response, JSON.parse(body));
    if (pathname === '/token') return token(request, response, new URLSearchParams(body));
    sendJson(response, { error: 'not_found' }, { status: 404 });
  });
  const metadata = () => ({
    issuer: base,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    registration_endpoint: `${base}/register`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
  });
  const register = (response: ServerResponse, asked: { redirect_uris?: string[] }) => {
    const redirectUris = asked.redirect_uris ?? [];
    if (redirectUris.length === 0) {
      return sendJson(response, { error: 'invalid_redirect_uri' }, { status: 400 });
    }
    const id = `client-${randomBytes(8).toString('hex')}`;
    self.clients.set(id, { redirectUris, secret: null });
    sendJson(response, { ...asked, client_id: id }, { status: 201 });
  };
  const token = (request: IncomingMessage, response: ServerResponse, form: URLSearchParams) => {
    const grant = form.get('grant_type') ?? '';
    const refuse = (error: string) => {
      self.grants.push({ grant, status: 400 });
      const error_description = `${form} ${request.headers.authorization}`;
      const answer = self.echoes ? error_description : { error };
      sendJson(response, answer, { status: 400 });
    };
    const [id, secret] = clientOf(request, form);
    const client = self.clients.get(id);
    if (client === undefined || client.secret !== secret) return refuse('invalid_client');
    if (grant === 'authorization_code') {
      const code = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const verifier = form.get('code_verifier') ?? '';
      const isRight =
        code?.clientId === id &&
        code.redirectUri === form.get('redirect_uri') &&
        code.challenge === createHash('sha256').update(verifier).digest('base64url');
      if (!isRight) return refuse('invalid_grant');
    } else if (grant === 'refresh_token') {
      const given = form.get('refresh_token') ?? '';
      if (refresh.get(given) !== id) return refuse('invalid_grant');
      refresh.delete(given);
    } else if (grant !== 'client_credentials' || secret === null) {
      return refuse('unsupported_grant_type');
    }
    const accessToken = issue('access');
    access.add(accessToken);
    self.grants.push({ grant, status: 200 });
    const again = grant === 'client_credentials' ? null : issue('refresh');
    if (again !== null) refresh.set(again, id);
    sendJson(response, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 3_600,
      ...(again === null ? {} : { refresh_token: again }),
    });
  };
  const serveMcp = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const { authorization } = request.headers;
    const apiKey = request.headers['x-api-key']?.toString();
    self.seen.push({ authorization, apiKey });
    const bearer = authorization?.replace(/^Bearer /, '') ?? '';
    const isLetIn =
      access.has(bearer) ||
      (self.fixed.bearer !== undefined && bearer === self.fixed.bearer) ||
      (self.fixed.apiKey !== undefined && apiKey === self.fixed.apiKey);
    if (!isLetIn) {
      const where = `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource/mcp"`;
      const headers = { 'WWW-Authenticate': where };
      return sendJson(response, { error: 'invalid_token' }, { status: 401, headers });
    }
    if (request.method !== 'POST') return void response.writeHead(405).end();
    answerMcp(self, response, { message: JSON.parse(body), credential: apiKey ?? bearer });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `https://mcp.test:${(server.address() as AddressInfo).port}`;
  return Object.assign(self, { url: `${base}/mcp` });
}

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly name?: string };
}

/** The handshake of 2025, a list of tools, `whoami`, and any other tool, which changes the list. */
function answerMcp(
  server: OAuthMcpServer,
  response: ServerResponse,
  { message, credential }: { readonly message: Message; readonly credential: string },
): unknown {
  const { id, method, params } = message;
  const result = (value: object) => ({ jsonrpc: '2.0', id, result: value });
  if (id === undefined) return void response.writeHead(202).end();
  if (method === 'initialize') {
    const capabilities = { tools: { listChanged: true } };
    const serverInfo = { name: 'guarded', version: '1.0.0' };
    const protocolVersion = params?.protocolVersion ?? '2025-06-18';
    return sendJson(response, result({ protocolVersion, capabilities, serverInfo }));
  }
  if (method === 'tools/list') {
    const tools = ['whoami', ...server.extraTools].map((name) => ({
      ...{ name, description: `Tool ${name}.`, inputSchema: { type: 'object' } },
    }));
    return sendJson(response, result({ tools }));
  }
  if (method === 'tools/call') {
    const answer = result({ content: [{ type: 'text', text: `You sent ${credential}` }] });
    if (params?.name === 'whoami') return sendJson(response, answer);
    server.extraTools.push('added');
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
    for (const one of [changed, answer]) {
      response.write(`event: message\ndata: ${JSON.stringify(one)}\n\n`);
    }
    return void response.end();
  }
  const error = { code: -32_601, message: 'Method not found' };
  return sendJson(response, { jsonrpc: '2.0', id, error });
}

function clientOf(request: IncomingMessage, form: URLSearchParams): [string, string | null] {
  const basic = request.headers.authorization?.match(/^Basic (.+)$/)?.[1];
  if (basic === undefined) return [form.get('client_id') ?? '', form.get('client_secret')];
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return [decodeURIComponent(id), decodeURIComponent(secret)];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
