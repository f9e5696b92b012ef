import { parseExactJson } from '../../core/exact-json.ts';
import type { OpenApiOperation, OpenApiSource } from '../../core/tool-source.ts';
import {
  type HostPolicy,
  portsAllowedAt,
  readHostRules,
} from '../../sandbox/egress/allowed-hosts.ts';
import { secretsOf } from '../http/credentials.ts';
import { callOverHttp } from '../http/exchange.ts';
import type { HttpToolDeps } from '../http/http-request.ts';
import { openSecrets } from '../secrets.ts';
import { checkShallow } from '../sources/check-shallow.ts';
import { allowedToolsOf } from '../sources/tool-names.ts';
import type { AgentTool, CheckedToolArguments, ToolCall, ToolCallResult } from '../tool.ts';
import { nestedProblem } from './check-nested.ts';
import { ArgumentProblem, requestOf } from './request.ts';
import { chooseCredentials } from './security.ts';

// Operations of an OpenAPI document, as agents call them: to the host of its base URL alone.

/** The source's operations that people allowed. */
export function openApiAgentTools(deps: HttpToolDeps, source: OpenApiSource): readonly AgentTool[] {
  return allowedToolsOf(source).flatMap((tool) => {
    const { operation, inputSchema } = tool;
    if (operation === undefined) return [];
    return [
      {
        name: tool.name,
        description: tool.description,
        inputSchema,
        toolId: null,
        version: null,
        idempotent: tool.idempotent,
        requiresApproval: source.requiresApproval,
        hasEffects: tool.hasEffects,
        check: (value: unknown) => check(source, { operation, inputSchema }, value),
        call: (call: ToolCall) => send(deps, { source, operation }, call),
      },
    ];
  });
}

function check(
  { config }: OpenApiSource,
  tool: {
    readonly operation: OpenApiOperation;
    readonly inputSchema: Readonly<Record<string, unknown>>;
  },
  value: unknown,
): CheckedToolArguments {
  const checked = checkShallow(tool.inputSchema, value);
  if (!checked.ok) return checked;
  const problem = nestedProblem(tool.inputSchema, checked.value, '');
  if (problem !== null) return { ok: false, problem };
  try {
    requestOf(tool.operation, { baseUrl: config.base_url, input: checked.value, key: '' });
    return checked;
  } catch (error) {
    if (!(error instanceof ArgumentProblem)) throw error;
    return { ok: false, problem: `The arguments do not fit: ${error.message}` };
  }
}

async function send(
  deps: HttpToolDeps,
  { source, operation }: { readonly source: OpenApiSource; readonly operation: OpenApiOperation },
  call: ToolCall,
): Promise<ToolCallResult> {
  const { config, workspaceId, timeoutMs } = source;
  const credentials = chooseCredentials(operation.security, config.credentials);
  if ('missing' in credentials) {
    const error = `No credential is stored for ${credentials.missing.join(', ')}; a person sets it in "credentials" of "${source.name}".`;
    return {
      ok: false,
      error,
      modelText: `The request was not sent: ${error}`,
      logs: null,
      runTimeMs: 0,
      connections: [],
    };
  }
  const { chosen } = credentials;
  const { values: secrets } = await openSecrets(deps, { workspaceId, names: secretsOf(chosen) });
  const base = new URL(config.base_url);
  const input = parseExactJson(call.inputJson) as Record<string, unknown>;
  const rules = {
    openOutlet: deps.openOutlet,
    policy: policyOf(base, source.name),
    // The policy opens one host; a redirect to another of its ports gets no credentials.
    judge: ({ url }: { readonly url: URL }) => (url.origin === base.origin ? chosen : []),
    secrets,
    timeoutMs,
  };
  const request = requestOf(operation, { baseUrl: config.base_url, input, key: call.key });
  return await callOverHttp(rules, request, call);
}

/** The host and port of the URL, and nothing else. */
export function policyOf(url: URL, name: string): HostPolicy {
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  const rules = readHostRules([`${url.hostname}:${port}`]);
  return {
    ownHost: url.hostname,
    portsAt: (host) => portsAllowedAt(rules, host),
    refusal: (host) => `${host} is not the host of "${name}".`,
  };
}
