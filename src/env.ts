import { resolve } from 'node:path';
import type { S3Settings } from './core/object-store.ts';
import type { EngineName } from './core/run.ts';
import { listOf, type Variables, variables } from './env-variables.ts';

// The server's settings: from the environment only, read here only.

export interface Env {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: the embedded database in the data directory. */
  readonly databaseUrl: string | null;
  readonly adminToken: string | null;
  readonly secretKey: string | null;
  /** Keys of before, which still open what they sealed. */
  readonly oldSecretKeys: readonly string[];
  /** Where new runs go. */
  readonly engine: EngineName;
  /** Null: no Temporal cluster is used. */
  readonly temporal: TemporalEnv | null;
  readonly sandbox: 'auto' | 'jail' | 'deno';
  readonly defaultModel: string | null;
  /** Where `scripted/<name>` finds its answers. */
  readonly scriptsDir: string | null;
  /** Requests a minute a workspace; 0 is off, null takes each dialect's own. */
  readonly rateLimit: number | null;
  /** Runs that one process keeps in memory at most. */
  readonly maxRuns: number;
  /** Runs of one workspace that all processes together drive at once; null is no limit. */
  readonly maxRunsPerWorkspace: number | null;
  /** Where webhooks out may go beside the public internet: addresses and networks. */
  readonly webhookPrivateNetworks: readonly string[];
  /** Where models of workspaces may be reached beside the public internet, also without TLS. */
  readonly modelPrivateNetworks: readonly string[];
  /** Where MCP servers and APIs of OpenAPI documents may be, beside the public internet. */
  readonly toolPrivateNetworks: readonly string[];
  /** The mail server that alerts are sent by, with its credentials; null: no mail. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** Where large outputs go; null: into the database. */
  readonly s3: S3Settings | null;
  /** Whoever reads `/metrics` must show it; null: there are none. */
  readonly metricsToken: string | null;
  readonly telemetry: TelemetryEnv;
  /** Where browsers find this server, without a slash at its end; null: as requests reach it. */
  readonly publicUrl: string | null;
  readonly oidc: OidcEnv | null;
  /** Origins whose pages may use the API by token. */
  readonly corsOrigins: readonly string[];
  /** Proxies whose `X-Forwarded-For` counts: addresses and networks. */
  readonly trustedProxies: readonly string[];
  /** How long entries of the audit log are kept; 0 is forever. */
  readonly auditRetentionDays: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly openAi: ProviderEnv;
  readonly anthropic: ProviderEnv;
  readonly openAiCompatible: ProviderEnv;
  readonly google: ProviderEnv;
  readonly mistral: ProviderEnv;
  readonly groq: ProviderEnv;
  readonly openRouter: ProviderEnv;
  readonly azure: ProviderEnv & {
    readonly resourceName: string | null;
    readonly apiVersion: string | null;
  };
  readonly bedrock: ProviderEnv & { readonly region: string | null };
}

export interface TelemetryEnv {
  /** Whether they are exported by OTLP. */
  readonly traces: boolean;
  readonly metrics: boolean;
  /** What is written and answered goes out too. */
  readonly withContent: boolean;
  /** The share of traces that is exported. */
  readonly traceRatio: number;
  /** Of each process; 0 is no limit. */
  readonly tracesPerSecond: number;
  readonly serviceName: string;
}

export interface TemporalEnv {
  /** Host and port. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  /** Files in PEM; null: without TLS, unless there is an API key. */
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  } | null;
  readonly taskQueue: string;
  /** Classes of workspaces, by workspace. */
  readonly classes: ReadonlyMap<string, string>;
  /** Classes that this process works for; null: all. */
  readonly workFor: readonly string[] | null;
  /** Of Temporal's web interface, where people reach it; null: runs have no link to it. */
  readonly uiUrl: string | null;
}

export interface OidcEnv {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** Null: its tokens are for signing in, not for requests. */
  readonly audience: string | null;
  readonly name: string;
}

export interface ProviderEnv {
  readonly apiKey: string | null;
  readonly baseUrl: string | null;
}

/** The settings cannot be used; the message names every variable at fault and what it must be. */
export class InvalidEnv extends Error {
  override readonly name = 'InvalidEnv';
}

/** Reads and checks the environment. Throws `InvalidEnv`. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = variables.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidEnv(`These environment variables cannot be used:\n${lines.join('\n')}`);
  }
  const { data } = parsed;
  if (data.DATABASE_URL !== undefined && data.SIGNALBOX_SECRET_KEY === undefined) {
    throw new InvalidEnv(
      'SIGNALBOX_SECRET_KEY is required with DATABASE_URL: every process on one database needs the same key. Make one with `openssl rand -base64 32`.',
    );
  }
  return {
    port: data.PORT ?? 4_870,
    host: data.HOST ?? '127.0.0.1',
    dataDir: resolve(data.SIGNALBOX_DATA_DIR ?? '.signalbox'),
    databaseUrl: data.DATABASE_URL ?? null,
    adminToken: data.SIGNALBOX_ADMIN_TOKEN ?? null,
    secretKey: data.SIGNALBOX_SECRET_KEY ?? null,
    oldSecretKeys: oldKeys(data.SIGNALBOX_OLD_SECRET_KEYS),
    engine: data.SIGNALBOX_ENGINE ?? 'local',
    temporal: temporalEnv(data),
    sandbox: data.SIGNALBOX_SANDBOX ?? 'auto',
    defaultModel: data.SIGNALBOX_DEFAULT_MODEL ?? null,
    scriptsDir:
      data.SIGNALBOX_SCRIPTS_DIR === undefined ? null : resolve(data.SIGNALBOX_SCRIPTS_DIR),
    rateLimit: data.SIGNALBOX_RATE_LIMIT ?? null,
    maxRuns: data.SIGNALBOX_MAX_RUNS ?? 10_000,
    maxRunsPerWorkspace: data.SIGNALBOX_MAX_RUNS_PER_WORKSPACE ?? null,
    modelPrivateNetworks: listOf(data.SIGNALBOX_MODEL_PRIVATE_NETWORKS),
    toolPrivateNetworks: listOf(data.SIGNALBOX_TOOL_PRIVATE_NETWORKS),
    webhookPrivateNetworks: listOf(data.SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS),
    publicUrl: data.SIGNALBOX_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    oidc: oidcEnv(data),
    corsOrigins: listOf(data.SIGNALBOX_CORS_ORIGINS),
    trustedProxies: listOf(data.SIGNALBOX_TRUSTED_PROXIES),
    auditRetentionDays: data.SIGNALBOX_AUDIT_RETENTION_DAYS ?? 365,
    smtpUrl: data.SIGNALBOX_SMTP_URL ?? null,
    mailFrom: data.SIGNALBOX_MAIL_FROM ?? 'signalbox@localhost',
    s3: s3Env(data),
    metricsToken: data.SIGNALBOX_METRICS_TOKEN ?? null,
    telemetry: telemetry(data),
    logLevel: data.SIGNALBOX_LOG_LEVEL ?? 'info',
    openAi: provider(data.OPENAI_API_KEY, data.OPENAI_BASE_URL),
    anthropic: provider(data.ANTHROPIC_API_KEY, data.ANTHROPIC_BASE_URL),
    openAiCompatible: provider(data.OPENAI_COMPATIBLE_API_KEY, data.OPENAI_COMPATIBLE_BASE_URL),
    google: provider(data.GOOGLE_GENERATIVE_AI_API_KEY, data.GOOGLE_GENERATIVE_AI_BASE_URL),
    mistral: provider(data.MISTRAL_API_KEY, data.MISTRAL_BASE_URL),
    groq: provider(data.GROQ_API_KEY, data.GROQ_BASE_URL),
    openRouter: provider(data.OPENROUTER_API_KEY, data.OPENROUTER_BASE_URL),
    azure: {
      ...provider(data.AZURE_API_KEY, data.AZURE_BASE_URL),
      resourceName: data.AZURE_RESOURCE_NAME ?? null,
      apiVersion: data.AZURE_API_VERSION ?? null,
    },
    bedrock: {
      ...provider(data.AWS_BEARER_TOKEN_BEDROCK, data.BEDROCK_BASE_URL),
      region: data.AWS_REGION ?? null,
    },
  };
}

function oldKeys(text: string | undefined): string[] {
  const keys = (text ?? '').split(',').map((key) => key.trim());
  const given = keys.filter((key) => key !== '');
  if (given.every((key) => key.length >= 32)) return given;
  throw new InvalidEnv(
    'SIGNALBOX_OLD_SECRET_KEYS: each key must have at least 32 characters, with commas in between.',
  );
}

/** A trace is a few kilobytes: more than that nobody looks at, and it would be felt at thousands of runs a second. */
export const defaultTracesPerSecond = 500;

/** Off unless an endpoint or an exporter is named. */
function telemetry(data: Variables): TelemetryEnv {
  const isOff = data.OTEL_SDK_DISABLED?.toLowerCase() === 'true';
  const isOn = (exporter: 'otlp' | 'none' | undefined, endpoint: string | undefined) =>
    !isOff &&
    exporter !== 'none' &&
    (exporter ?? endpoint ?? data.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
  const sampler = data.OTEL_TRACES_SAMPLER ?? 'always_on';
  return {
    traces: isOn(data.OTEL_TRACES_EXPORTER, data.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT),
    metrics: isOn(data.OTEL_METRICS_EXPORTER, data.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT),
    withContent: /^(true|span_only|span_and_event)$/i.test(
      data.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT ?? '',
    ),
    traceRatio: sampler.endsWith('ratio')
      ? (data.OTEL_TRACES_SAMPLER_ARG ?? 1)
      : sampler.endsWith('off')
        ? 0
        : 1,
    tracesPerSecond: data.SIGNALBOX_TRACE_RATE_LIMIT ?? defaultTracesPerSecond,
    serviceName: data.OTEL_SERVICE_NAME ?? 'signalbox',
  };
}

/** Without an address there is no cluster; a certificate without its key is none. */
function temporalEnv(data: Variables): TemporalEnv | null {
  const address = data.TEMPORAL_ADDRESS;
  if (address === undefined) {
    if (data.SIGNALBOX_ENGINE !== 'temporal') return null;
    throw new InvalidEnv(
      'SIGNALBOX_ENGINE=temporal needs TEMPORAL_ADDRESS, such as 127.0.0.1:7233.',
    );
  }
  const ca = data.TEMPORAL_TLS_SERVER_CA_CERT_PATH ?? null;
  const cert = data.TEMPORAL_TLS_CLIENT_CERT_PATH ?? null;
  const key = data.TEMPORAL_TLS_CLIENT_KEY_PATH ?? null;
  if ((cert === null) !== (key === null)) {
    throw new InvalidEnv(
      'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH belong together: set both.',
    );
  }
  const hasTls = data.TEMPORAL_TLS === 'true' || ca !== null || cert !== null;
  if (data.TEMPORAL_TLS === 'false' && (ca ?? cert ?? data.TEMPORAL_API_KEY ?? null) !== null) {
    throw new InvalidEnv(
      'TEMPORAL_TLS=false does not go with an API key or certificates, which would go out in the clear.',
    );
  }
  const classes = listOf(data.SIGNALBOX_TEMPORAL_CLASSES).map((pair) => pair.split('='));
  const workFor = listOf(data.SIGNALBOX_TEMPORAL_WORK_FOR);
  return {
    address,
    namespace: data.TEMPORAL_NAMESPACE ?? 'default',
    apiKey: data.TEMPORAL_API_KEY ?? null,
    tls: hasTls ? { ca, cert, key } : null,
    taskQueue: data.SIGNALBOX_TEMPORAL_TASK_QUEUE ?? 'signalbox',
    classes: new Map(classes.map(([workspace = '', name = '']) => [workspace, name])),
    workFor: workFor.length === 0 ? null : workFor,
    uiUrl:
      data.SIGNALBOX_TEMPORAL_UI_URL === undefined ? null : pageOf(data.SIGNALBOX_TEMPORAL_UI_URL),
  };
}

/** What every link begins with: without a password, a query, and a slash at its end. */
function pageOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** Half of an issuer is none: what is missing is named. */
function oidcEnv(data: Variables): OidcEnv | null {
  const issuer = data.SIGNALBOX_OIDC_ISSUER;
  const clientId = data.SIGNALBOX_OIDC_CLIENT_ID;
  if (issuer === undefined) {
    if (clientId === undefined) return null;
    throw new InvalidEnv('SIGNALBOX_OIDC_CLIENT_ID needs SIGNALBOX_OIDC_ISSUER.');
  }
  if (clientId === undefined || data.SIGNALBOX_PUBLIC_URL === undefined) {
    throw new InvalidEnv(
      'SIGNALBOX_OIDC_ISSUER needs SIGNALBOX_OIDC_CLIENT_ID, and SIGNALBOX_PUBLIC_URL: the issuer sends browsers back to <SIGNALBOX_PUBLIC_URL>/v1/session/oidc/callback.',
    );
  }
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    throw new InvalidEnv(
      'SIGNALBOX_OIDC_ISSUER must be an https URL; http is for this machine only.',
    );
  }
  return {
    issuer,
    clientId,
    clientSecret: data.SIGNALBOX_OIDC_CLIENT_SECRET ?? null,
    audience: data.SIGNALBOX_OIDC_AUDIENCE ?? null,
    name: data.SIGNALBOX_OIDC_NAME ?? new URL(issuer).hostname,
  };
}

/** A bucket without credentials is none: what is missing is named. */
function s3Env(data: Variables): S3Settings | null {
  const bucket = data.SIGNALBOX_S3_BUCKET;
  const accessKeyId = data.SIGNALBOX_S3_ACCESS_KEY_ID;
  const secretAccessKey = data.SIGNALBOX_S3_SECRET_ACCESS_KEY;
  if (bucket === undefined) {
    if (data.SIGNALBOX_S3_ENDPOINT === undefined) return null;
    throw new InvalidEnv('SIGNALBOX_S3_ENDPOINT needs SIGNALBOX_S3_BUCKET.');
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new InvalidEnv(
      'SIGNALBOX_S3_BUCKET needs SIGNALBOX_S3_ACCESS_KEY_ID and SIGNALBOX_S3_SECRET_ACCESS_KEY.',
    );
  }
  const region = data.SIGNALBOX_S3_REGION ?? 'us-east-1';
  const endpoint = data.SIGNALBOX_S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`;
  return {
    ...{ bucket, region, accessKeyId, secretAccessKey },
    endpoint: endpoint.replace(/\/+$/, ''),
    prefix: data.SIGNALBOX_S3_PREFIX ?? '',
  };
}

function provider(apiKey: string | undefined, baseUrl: string | undefined): ProviderEnv {
  return { apiKey: apiKey ?? null, baseUrl: baseUrl ?? null };
}
