import type { Env, ProviderEnv } from './env.ts';

/** The settings in force, as `signalbox config` prints them: what is secret is only said to be set. */
export function redactedConfig(env: Env): Record<string, unknown> {
  return {
    ...env,
    databaseUrl: env.databaseUrl === null ? 'embedded' : withoutPassword(env.databaseUrl),
    adminToken: setOrNot(env.adminToken),
    secretKey: setOrNot(env.secretKey),
    oldSecretKeys: `${env.oldSecretKeys.length} set`,
    smtpUrl: env.smtpUrl === null ? null : withoutPassword(env.smtpUrl),
    s3: env.s3 && {
      ...env.s3,
      endpoint: withoutPassword(env.s3.endpoint),
      accessKeyId: 'set',
      secretAccessKey: 'set',
    },
    temporal: env.temporal && {
      ...env.temporal,
      apiKey: setOrNot(env.temporal.apiKey),
      classes: Object.fromEntries(env.temporal.classes),
    },
    metricsToken: setOrNot(env.metricsToken),
    oidc: env.oidc === null ? null : { ...env.oidc, clientSecret: setOrNot(env.oidc.clientSecret) },
    openAi: redactedProvider(env.openAi),
    anthropic: redactedProvider(env.anthropic),
    openAiCompatible: redactedProvider(env.openAiCompatible),
    google: redactedProvider(env.google),
    mistral: redactedProvider(env.mistral),
    groq: redactedProvider(env.groq),
    openRouter: redactedProvider(env.openRouter),
    azure: { ...env.azure, ...redactedProvider(env.azure) },
    bedrock: { ...env.bedrock, ...redactedProvider(env.bedrock) },
  };
}

function redactedProvider(provider: ProviderEnv): Record<string, unknown> {
  const { apiKey, baseUrl } = provider;
  return { apiKey: setOrNot(apiKey), baseUrl: baseUrl === null ? null : withoutPassword(baseUrl) };
}

function setOrNot(secret: string | null): string {
  return secret === null ? 'not set' : 'set';
}

/** Parameters can hold a password as well, so none is shown. */
function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return 'set';
  return `${parsed.protocol}//${parsed.username === '' ? '' : `${parsed.username}@`}${parsed.host}${parsed.pathname}`;
}
