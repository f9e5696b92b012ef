import { z } from 'zod';
import { modelErrorKinds } from '../core/model.ts';
import {
  type ModelEntry,
  modelNameForm,
  modelProviders,
  reasoningEfforts,
} from '../core/model-entry.ts';
import { secretNameForm } from '../core/secret.ts';
import type { Problems } from '../core/validate.ts';
import { isLocalName } from '../sandbox/egress/allowed-hosts.ts';
import { readHost } from '../sandbox/egress/host.ts';

// What may be written of a model.

export const modelMaxima = { perWorkspace: 200, fallbacks: 8 } as const;

const limit = (most: number) => z.number().int().min(1).max(most).nullable().default(null);

export const modelFields = {
  name: z
    .string()
    .regex(
      modelNameForm,
      'must be 1 to 64 lower-case letters, digits, “.”, “_” and “-”, such as fast',
    ),
  description: z.string().max(1_000),
  provider: z.enum(modelProviders),
  model: z
    .string()
    .min(1)
    .max(200)
    .regex(/^\S+$/, 'must be the provider’s own name of the model, such as gpt-5-mini')
    .refine((text) => !text.includes('\0'), 'must have no NUL character'),
  base_url: z.string().max(2_000).nullable(),
  secret: z
    .string()
    .regex(secretNameForm, 'must be the name of a secret, such as OPENAI_KEY')
    .nullable(),
  key_expires_at: z.iso.datetime({ offset: true }).nullable(),
  settings: z.strictObject({
    api: z.enum(['responses', 'chat']).optional(),
    resource_name: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/, 'must be the name of an Azure resource')
      .optional(),
    api_version: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be a version such as v1 or 2025-04-01-preview')
      .optional(),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-central-1')
      .optional(),
    access_key_id: z
      .string()
      .regex(/^[A-Z0-9]{16,128}$/, 'must be an AWS access key id')
      .optional(),
    max_output_tokens: z.number().int().min(1).max(1_000_000).optional(),
    temperature: z.number().min(0).max(2).optional(),
    reasoning_effort: z.enum(reasoningEfforts).optional(),
  }),
  limits: z.strictObject({
    requests_per_minute: limit(1_000_000),
    tokens_per_minute: limit(1_000_000_000),
    max_concurrent: limit(10_000),
  }),
  fallbacks: z
    .array(
      z
        .string()
        .max(200)
        .regex(
          /^([a-z0-9][a-z0-9._-]{0,63}|[a-z][a-z-]*\/\S+)$/,
          'must be the name of a model of this workspace, or provider/model',
        ),
    )
    .max(modelMaxima.fallbacks),
  fallback_on: z.array(z.enum(modelErrorKinds)).min(1),
} as const;

/** Where models may be reached beside the public internet. */
export interface ModelReach {
  readonly isPublic: (address: string) => boolean;
  readonly isPrivateAllowed: (address: string) => boolean;
  readonly hasPrivate: boolean;
}

type Addressed = Pick<ModelEntry, 'provider' | 'baseUrl' | 'secret' | 'settings'>;

/** Notes what does not go together, and addresses that are closed. */
export function checkAddress(entry: Addressed, reach: ModelReach, problems: Problems): void {
  const { provider, baseUrl, secret, settings } = entry;
  const only = (
    field: 'resource_name' | 'api_version' | 'region' | 'access_key_id',
    at: string,
  ) => {
    if (settings[field] === undefined || provider === at) return;
    problems.set(`settings.${field}`, `is a setting of ${at}; leave it out for ${provider}`);
  };
  only('resource_name', 'azure');
  only('api_version', 'azure');
  only('region', 'bedrock');
  only('access_key_id', 'bedrock');
  if (settings.api !== undefined && provider !== 'openai' && provider !== 'azure') {
    problems.set('settings.api', `is a setting of openai and azure; leave it out for ${provider}`);
  }
  if (provider === 'openai-compatible' && baseUrl === null) {
    problems.set('base_url', 'is required for an OpenAI-compatible server');
  }
  if (secret === null && provider !== 'openai-compatible') {
    // The server's own key goes to its own address only.
    const moved = [
      ['base_url', baseUrl],
      ['settings.resource_name', settings.resource_name],
      ['settings.region', settings.region],
      ['settings.access_key_id', settings.access_key_id],
    ].find(([, value]) => value !== null && value !== undefined);
    if (moved !== undefined) {
      problems.set(
        'secret',
        `is required with ${moved[0]}: the server’s own key is not sent there`,
      );
    }
  } else if (provider === 'azure' && baseUrl === null && settings.resource_name === undefined) {
    problems.set('settings.resource_name', 'is required for Azure, or base_url');
  } else if (provider === 'bedrock' && settings.region === undefined) {
    problems.set('settings.region', 'is required for Bedrock');
  }
  const problem = baseUrl === null ? null : whyNotBaseUrl(baseUrl, reach);
  if (problem !== null) problems.set('base_url', problem);
}

/** What is wrong with an address, to be read after the field's name. Where a name leads is judged at every call. */
function whyNotBaseUrl(text: string, reach: ModelReach): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return 'must be a URL such as https://models.example.com/v1';
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not hold credentials: name a secret';
  }
  if (url.hash !== '' || url.search !== '') return 'must have no query and no fragment';
  const host = readHost(url.hostname);
  if (host === null) return 'has no valid host';
  const hint = 'the operator can allow networks by SIGNALBOX_MODEL_PRIVATE_NETWORKS';
  if (host.kind === 'name' && isLocalName(host.name)) {
    return `must not name this machine or its network; give the address, and ${hint}`;
  }
  if (url.protocol === 'http:' && !reach.hasPrivate) return `must use https; ${hint}`;
  if (host.kind === 'name' || reach.isPrivateAllowed(host.address)) return null;
  if (!reach.isPublic(host.address)) {
    return `must not lead to ${host.address}, which is not a public address; ${hint}`;
  }
  return url.protocol === 'http:' ? 'must use https' : null;
}
