import { z } from 'zod';
import { engineNames } from './core/run.ts';

// The environment variables that the server reads, each with the form it must have.

const integer = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
/** An empty variable is one that is not set: shells and compose files make many of them. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** Addresses and networks, with commas in between. */
const networks = z
  .string()
  .regex(
    /^\s*[0-9a-fA-F.:]+(?:\/\d{1,3})?(?:\s*,\s*[0-9a-fA-F.:]+(?:\/\d{1,3})?)*\s*$/,
    'must be addresses and networks such as 10.1.0.0/16,127.0.0.1',
  );

/** Origins of pages, with commas in between: scheme, host and port alone, and no wildcard. */
const origins = z
  .string()
  .refine(
    (text) => listOf(text).every((origin) => URL.parse(origin)?.origin === origin),
    'must be origins such as https://app.example.com, with commas in between',
  );

export const variables = z.object({
  PORT: optional(integer(0, 65_535)),
  HOST: optional(z.string()),
  SIGNALBOX_DATA_DIR: optional(z.string()),
  DATABASE_URL: optional(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must be a URL like postgres://user:password@host/database'),
  ),
  SIGNALBOX_ADMIN_TOKEN: optional(z.string().min(16, 'must have at least 16 characters')),
  SIGNALBOX_SECRET_KEY: optional(z.string().min(32, 'must have at least 32 characters')),
  SIGNALBOX_OLD_SECRET_KEYS: optional(z.string()),
  SIGNALBOX_ENGINE: optional(z.enum(engineNames)),
  TEMPORAL_ADDRESS: optional(
    z.string().regex(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, 'must be host:port'),
  ),
  TEMPORAL_NAMESPACE: optional(z.string()),
  TEMPORAL_API_KEY: optional(z.string()),
  TEMPORAL_TLS: optional(z.enum(['true', 'false'])),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: optional(z.string()),
  TEMPORAL_TLS_CLIENT_CERT_PATH: optional(z.string()),
  TEMPORAL_TLS_CLIENT_KEY_PATH: optional(z.string()),
  SIGNALBOX_TEMPORAL_TASK_QUEUE: optional(
    z.string().regex(/^[\w.-]{1,100}$/, 'must be letters, digits, dots and dashes'),
  ),
  SIGNALBOX_TEMPORAL_CLASSES: optional(
    z
      .string()
      .regex(
        /^\s*[a-z0-9]+=[\w-]+(\s*,\s*[a-z0-9]+=[\w-]+)*\s*$/,
        'must be workspaces with their classes, such as ws01…=large,ws02…=large',
      ),
  ),
  SIGNALBOX_TEMPORAL_UI_URL: optional(z.url({ protocol: /^https?$/ })),
  SIGNALBOX_TEMPORAL_WORK_FOR: optional(
    z.string().regex(/^\s*[\w-]+(\s*,\s*[\w-]+)*\s*$/, 'must be classes, with commas in between'),
  ),
  SIGNALBOX_SANDBOX: optional(z.enum(['auto', 'jail', 'deno'])),
  SIGNALBOX_DEFAULT_MODEL: optional(
    z
      .string()
      .regex(
        /^([a-z-]+\/.+|[a-z0-9][a-z0-9._-]{0,63})$/,
        'must be provider/model, such as openai/gpt-5.5, or a name that workspaces give a model',
      ),
  ),
  SIGNALBOX_SCRIPTS_DIR: optional(z.string()),
  SIGNALBOX_RATE_LIMIT: optional(integer(0, 10_000_000)),
  SIGNALBOX_MAX_RUNS: optional(integer(1, 1_000_000)),
  SIGNALBOX_MAX_RUNS_PER_WORKSPACE: optional(integer(1, 1_000_000)),
  SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS: optional(networks),
  SIGNALBOX_MODEL_PRIVATE_NETWORKS: optional(networks),
  SIGNALBOX_TOOL_PRIVATE_NETWORKS: optional(networks),
  SIGNALBOX_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  SIGNALBOX_OIDC_ISSUER: optional(z.url({ protocol: /^https?$/ })),
  SIGNALBOX_OIDC_CLIENT_ID: optional(z.string()),
  SIGNALBOX_OIDC_CLIENT_SECRET: optional(z.string()),
  SIGNALBOX_OIDC_AUDIENCE: optional(z.string()),
  SIGNALBOX_OIDC_NAME: optional(z.string().max(60)),
  SIGNALBOX_CORS_ORIGINS: optional(origins),
  SIGNALBOX_TRUSTED_PROXIES: optional(networks),
  SIGNALBOX_AUDIT_RETENTION_DAYS: optional(integer(0, 36_500)),
  SIGNALBOX_LOG_LEVEL: optional(z.enum(['debug', 'info', 'warn', 'error', 'silent'])),
  SIGNALBOX_SMTP_URL: optional(
    z.string().regex(/^smtps?:\/\/\S+$/, 'must be a URL like smtp://user:password@host:587'),
  ),
  SIGNALBOX_MAIL_FROM: optional(z.string()),
  SIGNALBOX_S3_BUCKET: optional(
    z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  ),
  SIGNALBOX_S3_ENDPOINT: optional(z.url({ protocol: /^https?$/ })),
  SIGNALBOX_S3_REGION: optional(z.string()),
  SIGNALBOX_S3_ACCESS_KEY_ID: optional(z.string()),
  SIGNALBOX_S3_SECRET_ACCESS_KEY: optional(z.string()),
  SIGNALBOX_S3_PREFIX: optional(
    z.string().regex(/^[\w.-]+(\/[\w.-]+)*\/$/, 'must be like signalbox/, with a slash at its end'),
  ),
  SIGNALBOX_METRICS_TOKEN: optional(z.string().min(16, 'must have at least 16 characters')),
  // OpenTelemetry's own; endpoints, headers and the like are read by its exporters.
  OTEL_SDK_DISABLED: optional(z.string()),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.string()),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optional(z.string()),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: optional(z.string()),
  OTEL_TRACES_EXPORTER: optional(z.enum(['otlp', 'none'])),
  OTEL_METRICS_EXPORTER: optional(z.enum(['otlp', 'none'])),
  OTEL_SERVICE_NAME: optional(z.string()),
  OTEL_TRACES_SAMPLER: optional(
    z.enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ]),
  ),
  OTEL_TRACES_SAMPLER_ARG: optional(z.coerce.number().min(0).max(1)),
  SIGNALBOX_TRACE_RATE_LIMIT: optional(integer(0, 1_000_000)),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: optional(z.string()),
  OPENAI_API_KEY: optional(z.string()),
  OPENAI_BASE_URL: optional(z.url()),
  ANTHROPIC_API_KEY: optional(z.string()),
  ANTHROPIC_BASE_URL: optional(z.url()),
  OPENAI_COMPATIBLE_BASE_URL: optional(z.url()),
  OPENAI_COMPATIBLE_API_KEY: optional(z.string()),
  GOOGLE_GENERATIVE_AI_API_KEY: optional(z.string()),
  GOOGLE_GENERATIVE_AI_BASE_URL: optional(z.url()),
  MISTRAL_API_KEY: optional(z.string()),
  MISTRAL_BASE_URL: optional(z.url()),
  GROQ_API_KEY: optional(z.string()),
  GROQ_BASE_URL: optional(z.url()),
  OPENROUTER_API_KEY: optional(z.string()),
  OPENROUTER_BASE_URL: optional(z.url()),
  AZURE_API_KEY: optional(z.string()),
  AZURE_BASE_URL: optional(z.url()),
  AZURE_RESOURCE_NAME: optional(z.string()),
  AZURE_API_VERSION: optional(z.string()),
  AWS_BEARER_TOKEN_BEDROCK: optional(z.string()),
  AWS_REGION: optional(z.string()),
  BEDROCK_BASE_URL: optional(z.url()),
});

export type Variables = z.output<typeof variables>;

/** What stands between commas. */
export function listOf(text: string | undefined): readonly string[] {
  return text?.split(',').map((part) => part.trim()) ?? [];
}
