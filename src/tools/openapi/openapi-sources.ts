import { ApiError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { OpenApiConfig, OpenApiSource, SourceTool } from '../../core/tool-source.ts';
import { type Problems, refusal, refuse } from '../../core/validate.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import type { HostPolicy } from '../../sandbox/egress/allowed-hosts.ts';
import type { Outlet } from '../../sandbox/egress/outlet.ts';
import type { Database } from '../../store/connect.ts';
import {
  deleteToolSourceRow,
  getToolSource,
  insertToolSource,
  isSourceNameTaken,
  saveSourceTools,
  saveToolSource,
} from '../../store/tool-sources.ts';
import { type InTransaction, requireWorkspace } from '../../store/workspaces.ts';
import { commonChanges, sourceDefaults } from '../sources/source-input.ts';
import { requireUnnamedSource, sourceNameTaken } from '../sources/source-rules.ts';
import { createResolver, naming, readDocument } from './document.ts';
import { fetchDocument } from './fetch-document.ts';
import type { OpenApiInput, OpenApiPatch } from './openapi-input.ts';
import { readOperations } from './operations.ts';
import { credentialProblem, securitySchemes } from './security.ts';
import { baseUrlOf, trimmed } from './servers.ts';

// The rules of OpenAPI documents as sources of tools. A document is read when it is written and never in a
// run; one that cannot be used is refused. Where its requests go is decided then, too, and another document
// does not change it unless somebody says so: stored credentials stay with their host.

export interface OpenApiDeps {
  readonly db: Database;
  readonly openOutlet: (policy: HostPolicy) => Outlet;
}

/** Throws `not_found`. */
export async function requireOpenApiSource(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<OpenApiSource> {
  const source = await getToolSource(db, scope, { kind: 'openapi', id });
  if (source === null) throw notFound(id);
  return source;
}

/** Throws `validation_error` for a document that cannot be used, `conflict` for a name that is taken. */
export async function createOpenApiSource(
  { db, openOutlet }: OpenApiDeps,
  scope: WorkspaceScope,
  given: {
    readonly input: OpenApiInput;
    readonly signal: AbortSignal;
    readonly inTransaction?: InTransaction<OpenApiSource> | undefined;
  },
): Promise<OpenApiSource> {
  const { input, signal, inTransaction } = given;
  await requireWorkspace(db, scope, input.workspace_id);
  const document = await documentOf(openOutlet, input, signal);
  if (document === null) {
    throw refusal(new Map([['document', 'is required, or "document_url"']]));
  }
  const common = { ...sourceDefaults, ...commonChanges(input), name: input.name };
  const read = await readSource({ input, before: null, document, common });
  return await db.transaction(async (tx) => {
    await requireWorkspace(tx, scope, input.workspace_id);
    const created = await insertToolSource(tx, {
      ...common,
      ...read,
      id: newId('openApiSource'),
      workspaceId: input.workspace_id,
      kind: 'openapi',
    });
    if (created === null) throw sourceNameTaken(input.name);
    await inTransaction?.(tx, created);
    return created;
  });
}

/** Changes what is given. Throws like a create, and `not_found`. */
export async function patchOpenApiSource(
  { db, openOutlet }: OpenApiDeps,
  scope: WorkspaceScope,
  given: { readonly id: string; readonly patch: OpenApiPatch; readonly signal: AbortSignal },
): Promise<OpenApiSource> {
  const { id, patch, signal } = given;
  await requireOpenApiSource(db, scope, id);
  const document = await documentOf(openOutlet, patch, signal);
  try {
    return await db.transaction(async (tx) => {
      const before = await getToolSource(tx, scope, { kind: 'openapi', id, lock: true });
      if (before === null) throw notFound(id);
      const next = { ...before, ...commonChanges(patch) };
      if (next.name !== before.name) await requireUnnamedSource(tx, before, 'renamed');
      if (!changesReading(patch)) return (await saveToolSource(tx, id, next)) as OpenApiSource;
      const read = await readSource({
        input: patch,
        before: before.config,
        document,
        common: next,
      });
      await saveToolSource(tx, id, { ...next, config: read.config });
      await saveSourceTools(tx, id, { tools: read.tools });
      const after = await getToolSource(tx, scope, { kind: 'openapi', id });
      if (after === null) throw notFound(id);
      return after;
    });
  } catch (error) {
    if (isSourceNameTaken(error)) throw sourceNameTaken(patch.name ?? '');
    throw error;
  }
}

/** Deletes (softly). Throws `not_found`, and `conflict` while agents name its tools. */
export function deleteOpenApiSource(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<void> {
  return db.transaction(async (tx) => {
    const source = await getToolSource(tx, scope, { kind: 'openapi', id, lock: true });
    if (source === null) throw notFound(id);
    await requireUnnamedSource(tx, source, 'deleted');
    await deleteToolSourceRow(tx, id);
  });
}

interface GivenDocument {
  readonly text: string;
  readonly url: string | null;
}

async function documentOf(
  openOutlet: OpenApiDeps['openOutlet'],
  input: OpenApiPatch,
  signal: AbortSignal,
): Promise<GivenDocument | null> {
  const { document, document_url: url } = input;
  if (document !== undefined && url !== undefined) {
    throw refusal(new Map([['document_url', 'must not be given beside "document"']]));
  }
  if (document !== undefined) return { text: document, url: null };
  return url === undefined ? null : { text: await fetchDocument(openOutlet, { url, signal }), url };
}

function changesReading(patch: OpenApiPatch): boolean {
  const { name, allowed_tools, document, document_url, base_url, server_variables, credentials } =
    patch;
  const given = [
    name,
    allowed_tools,
    document,
    document_url,
    base_url,
    server_variables,
    credentials,
  ];
  return given.some((one) => one !== undefined);
}

async function readSource(given: {
  readonly input: OpenApiPatch;
  readonly before: OpenApiConfig | null;
  readonly document: GivenDocument | null;
  readonly common: { readonly name: string; readonly allowedTools: readonly string[] | null };
}): Promise<{ readonly config: OpenApiConfig; readonly tools: readonly SourceTool[] }> {
  const { input, before, common } = given;
  const text = given.document?.text ?? before?.document ?? '';
  const documentUrl = given.document === null ? (before?.document_url ?? null) : given.document.url;
  const document = await readDocument(text);
  const { tools, skipped } = naming(() => readOperations(document, common));
  const credentials = input.credentials ?? before?.credentials ?? {};
  const variables = input.server_variables;
  const kept =
    input.base_url === undefined && variables === undefined ? before?.base_url : undefined;
  if (typeof input.base_url === 'string' && variables !== undefined) {
    throw refusal(new Map([['server_variables', 'must not be given beside "base_url"']]));
  }
  const base_url =
    typeof input.base_url === 'string'
      ? trimmed(input.base_url)
      : (kept ?? naming(() => baseUrlOf(document, { variables: variables ?? {}, documentUrl })));
  const problems: Problems = new Map();
  const schemes = naming(() => securitySchemes(document, createResolver(document)));
  for (const [name, credential] of Object.entries(credentials)) {
    const problem = credentialProblem(schemes, name, credential);
    if (problem !== null) problems.set(`credentials.${name}`, problem);
  }
  if (Object.keys(credentials).length > 0 && !base_url.startsWith('https:')) {
    problems.set('base_url', 'must be https: a credential is sent over nothing else');
  }
  refuse(problems);
  return {
    config: { document_url: documentUrl, document: text, base_url, credentials, skipped },
    tools,
  };
}

function notFound(id: string): ApiError {
  return new ApiError('not_found', `There is no OpenAPI document ${id}.`);
}
