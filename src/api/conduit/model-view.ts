import { z } from '@hono/zod-openapi';
import type { ModelEntry } from '../../core/model-entry.ts';
import type { ModelTest } from '../../model-registry/models.ts';
import { iso, isoOrNull } from './times.ts';

const limitShape = z.number().int().nullable();

export const modelShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  description: z.string(),
  provider: z.string(),
  model: z.string(),
  base_url: z.string().nullable(),
  secret: z.string().nullable(),
  key_expires_at: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  limits: z.object({
    requests_per_minute: limitShape,
    tokens_per_minute: limitShape,
    max_concurrent: limitShape,
  }),
  fallbacks: z.array(z.string()),
  fallback_on: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
});

export const modelTestShape = z.object({
  ok: z.boolean(),
  duration_ms: z.number().int(),
  time_to_first_chunk_ms: z.number().int().nullable(),
  text: z.string().nullable().openapi({ description: 'The beginning of what it answered.' }),
  token_usage: z.object({ input: z.number().int(), output: z.number().int() }).nullable(),
  cost_usd: z.number().nullable().openapi({ description: 'Null when the price is unknown.' }),
  error: z
    .object({ kind: z.string(), message: z.string() })
    .nullable()
    .openapi({ description: 'What is wrong, and what to do about it.' }),
});

export function showModel(model: ModelEntry) {
  return {
    id: model.id,
    workspace_id: model.workspaceId,
    name: model.name,
    description: model.description,
    provider: model.provider,
    model: model.model,
    base_url: model.baseUrl,
    secret: model.secret,
    key_expires_at: isoOrNull(model.keyExpiresAt),
    settings: model.settings,
    limits: model.limits,
    fallbacks: model.fallbacks,
    fallback_on: model.fallbackOn,
    created_at: iso(model.createdAt),
    updated_at: iso(model.updatedAt),
  };
}

export function showModelTest({ ok, durationMs, answer, error }: ModelTest) {
  return {
    ok,
    duration_ms: durationMs,
    time_to_first_chunk_ms: answer?.firstChunkMs ?? null,
    text: answer === null ? null : answer.text.slice(0, 500),
    token_usage:
      answer === null
        ? null
        : { input: answer.usage.inputTokens, output: answer.usage.outputTokens },
    cost_usd: answer?.costUsd ?? null,
    error,
  };
}
