import { EventEmitter } from 'node:events';
import type { Hono } from 'hono';
import { createApi } from '../../src/api/app.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { createHookGate } from '../../src/api/hook-gate.ts';
import type { ApiEnv } from '../../src/api/request-log.ts';
import { type ModelClient, ModelError } from '../../src/core/model.ts';
import type { Sandbox } from '../../src/core/sandbox.ts';
import { createSecretBox } from '../../src/core/secret-box.ts';
import type { TokenLimits } from '../../src/core/token.ts';
import { hashTokenSecret, newTokenSecret, tokenHint } from '../../src/core/token-secret.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { whyNotFound } from '../../src/records/why-not-found.ts';
import { RunFeeds } from '../../src/runs/watch.ts';
import { isPublicAddress } from '../../src/sandbox/egress/address.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { createSharedReads } from '../../src/store/shared-reads.ts';
import { createToken, ensureAdminToken } from '../../src/store/tokens.ts';
import { createWorkspace } from '../../src/store/workspaces.ts';
import { builtInToolNames } from '../../src/tools/built-in-offers.ts';
import { McpClient, type McpDeps } from '../../src/tools/mcp/mcp-client.ts';
import { createTestDatabase } from './database.ts';
import { searchDeps } from './embedder.ts';

export interface TestApi extends AsyncDisposable {
  readonly app: Hono<ApiEnv>;
  /** `commits`: emit a run's id after a commit to it, and its readers know at once. */
  readonly deps: ApiDeps & { readonly commits: EventEmitter };
  readonly workspace: Workspace;
  /** One that the workspace's own tokens do not reach. */
  readonly otherWorkspace: Workspace;
  readonly tokens: {
    readonly admin: string;
    readonly write: string;
    readonly read: string;
    /** Write access to the other workspace only. */
    readonly other: string;
    /** Write access to both workspaces. */
    readonly both: string;
  };
  /** A request with the write token and a JSON body, unless told otherwise. */
  request(method: string, path: string, options?: TestRequest): Promise<TestResponse>;
}

type TestApiChange = Partial<TestApi['deps']> & {
  readonly openOutlet?: McpDeps['openOutlet'];
  readonly mcpServersDir?: string;
};

export interface TestRequest {
  readonly token?: string | null;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape.
  readonly json: any;
}

/** An API over a fresh database, with two workspaces and a token of every kind. Nothing drives its runs. */
export async function createTestApi(change: TestApiChange = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const deps = testDeps(database.db, change);
  const { db } = deps;
  const workspace = await createWorkspace(db, { name: 'Own', rateLimit: null });
  const otherWorkspace = await createWorkspace(db, { name: 'Other', rateLimit: null });
  const admin = newTokenSecret('capi');
  await ensureAdminToken(db, { secretHash: hashTokenSecret(admin), hint: tokenHint(admin) });
  const tokens = {
    admin,
    write: await addToken(deps, { access: 'write', workspaceIds: [workspace.id] }),
    read: await addToken(deps, { access: 'read', workspaceIds: [workspace.id] }),
    other: await addToken(deps, { access: 'write', workspaceIds: [otherWorkspace.id] }),
    both: await addToken(deps, {
      access: 'write',
      workspaceIds: [workspace.id, otherWorkspace.id],
    }),
  };
  const app = createApi(deps);
  return {
    app,
    deps,
    workspace,
    otherWorkspace,
    tokens,
    request: (method, path, options = {}) =>
      send(app, method, path, { token: tokens.write, ...options }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** A new token's secret. */
export async function addToken(
  deps: ApiDeps,
  token: {
    readonly access: 'read' | 'write';
    readonly workspaceIds: readonly string[];
    readonly expiresAt?: Date;
    readonly limits?: TokenLimits;
  },
): Promise<string> {
  const secret = newTokenSecret('capi');
  await createToken(deps.db, 'all', {
    name: 'test',
    expiresAt: null,
    ...token,
    secretHash: hashTokenSecret(secret),
    hint: tokenHint(secret),
  });
  return secret;
}

async function send(
  app: Hono<ApiEnv>,
  method: string,
  path: string,
  { token, body, headers }: TestRequest,
): Promise<TestResponse> {
  const response = await app.request(path, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : null,
  };
}

function testDeps(db: ApiDeps['db'], change: TestApiChange): TestApi['deps'] {
  const { openOutlet, mcpServersDir, ...deps } = change;
  const secretBox = createSecretBox('a secret key of the tests');
  const commits = change.commits ?? new EventEmitter();
  commits.setMaxListeners(0);
  const reads = createSharedReads(db);
  const sandbox = change.sandbox ?? stubSandbox();
  const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const mcpDeps = {
    db,
    secretBox,
    sandbox,
    logger,
    version: '0.0.0-test',
    openOutlet: openOutlet ?? noOutlet,
    mcpServersDir: mcpServersDir ?? '/nonexistent',
  };
  return {
    db,
    mcp: new McpClient(mcpDeps),
    mcpDeps,
    agents: {
      db,
      secretBox,
      defaultModel: 'scripted/none',
      builtInTools: builtInToolNames,
      whyUnusable: () => null,
      hasPrice: () => true,
      whyNotFound,
    },
    creator: createRunCreator(db, { giveUpAfterMs: 500 }),
    models: idleModels,
    defaultModel: 'scripted/none',
    engine: {
      ownerForNewRun: () => null,
      notCreated: () => undefined,
      wake: () => undefined,
      stop: () => undefined,
    },
    commits,
    feeds: new RunFeeds({ db, commits }),
    reads,
    hookGate: createHookGate(),
    alerts: { db, canMail: true },
    retention: { db, nudge: () => {} },
    notifications: { db, secretBox, reach: testReach, canMail: true, nudge: ignore },
    modelRegistry: {
      db,
      reach: testReach,
      client: {
        callEntry: () => Promise.reject(new ModelError('connection', 'These tests reach nothing.')),
        whyUnusable: () => null,
      },
    },
    webhooks: { db, secretBox, reach: testReach, nudge: () => undefined },
    conversations: { db, nudge: () => undefined },
    knowledge: { ...searchDeps(db), nudge: () => undefined },
    sandbox,
    logger,
    secretBox,
    cursorKey: Buffer.alloc(32, 1),
    version: '0.0.0-test',
    readiness: async () => [{ name: 'database', ok: true, message: 'reachable' }],
    rateLimit: 0,
    ...deps,
  };
}

const testReach = {
  isPublic: isPublicAddress,
  isPrivateAllowed: (address: string) => address === '127.0.0.1',
  hasPrivate: true,
};

const ignore = () => undefined;
const noOutlet = () => {
  throw new Error('These tests reach nothing.');
};

const idleModels: ModelClient = {
  call: () => Promise.reject(new Error('No run is driven in these tests')),
  cost: () => null,
  whyUnusable: () => null,
  whyIncomplete: () => null,
};

/** A sandbox that accepts any code and gives back what it was given. */
export function stubSandbox(change: Partial<Sandbox> = {}): Sandbox {
  return {
    backend: 'deno',
    runtimes: () => [],
    check: async () => ({
      problems: [],
      packages: [],
      parameters: { found: {}, unmapped: [] },
    }),
    installPackages: async () => undefined,
    run: async (call) => ({
      ok: true,
      message: 'done',
      resultJson: `{"message":"done","rawData":${call.parametersJson}}`,
      logs: null,
      runTimeMs: 1,
    }),
    [Symbol.asyncDispose]: async () => undefined,
    ...change,
  };
}
