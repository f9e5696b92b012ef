import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from './env.ts';

// Settings that give away what the product protects. Some are a fault wherever they stand; others are right in
// the right place, and doctor only says what they mean.

export interface Insecure {
  readonly setting: string;
  readonly isFault: boolean;
  readonly message: string;
}

/** What is insecure in the settings, and what to do about it. Looks at modes of files; changes nothing. */
export function insecureSettings(env: Env): Insecure[] {
  const found: Insecure[] = [];
  const fault = (setting: string, message: string) =>
    found.push({ setting, isFault: true, message });
  const note = (setting: string, message: string) =>
    found.push({ setting, isFault: false, message });

  for (const [setting, value] of [
    ['SIGNALBOX_SECRET_KEY', env.secretKey],
    ['SIGNALBOX_ADMIN_TOKEN', env.adminToken],
  ] as const) {
    if (value === null || !isGuessable(value)) continue;
    fault(setting, 'can be guessed: make one with `openssl rand -base64 32`');
  }
  if (env.oldSecretKeys.length > 0) {
    note(
      'SIGNALBOX_OLD_SECRET_KEYS',
      'is set: run `signalbox secrets rotate-key`, then take it away',
    );
  }
  for (const name of ['secret-key', 'secret-key.former']) {
    if (isOpenToOthers(join(env.dataDir, name))) {
      fault(
        name,
        `can be read by other users of this machine: chmod 600 ${join(env.dataDir, name)}`,
      );
    }
  }
  if (!isLoopback(env.host)) {
    note(
      'HOST',
      `${env.host} is reached from outside, without TLS: put a proxy with TLS before it`,
    );
  }
  if (env.databaseUrl !== null && isPlainRemote(env.databaseUrl)) {
    note('DATABASE_URL', 'goes over a network without verified TLS: add sslmode=verify-full');
  }
  if (env.rateLimit === 0) note('SIGNALBOX_RATE_LIMIT', '0 lets every token ask without limit');
  const networks = [
    ...env.webhookPrivateNetworks.map(
      (one) => ['SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS', one] as const,
    ),
    ...env.modelPrivateNetworks.map((one) => ['SIGNALBOX_MODEL_PRIVATE_NETWORKS', one] as const),
    ...env.toolPrivateNetworks.map((one) => ['SIGNALBOX_TOOL_PRIVATE_NETWORKS', one] as const),
  ];
  for (const [variable, network] of networks) {
    if (/\/0+$/.test(network)) {
      fault(variable, `${network} is everything, cloud metadata included`);
    } else if (/^169\.254\.|^fe80:|^fd00:ec2:/i.test(network)) {
      fault(variable, `${network} reaches cloud metadata`);
    }
  }
  if (env.logLevel === 'debug') {
    note(
      'SIGNALBOX_LOG_LEVEL',
      'debug tells more of requests and errors than a log kept for long should',
    );
  }
  return found;
}

/** Few different characters, or words of examples. */
function isGuessable(secret: string): boolean {
  const words =
    /change.?me|example|password|secret.?key|insert|your.?(key|token)|0123456789|12345678/i;
  return new Set(secret).size < 10 || words.test(secret);
}

function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32') return false;
  const { mode } = statSync(path, { throwIfNoEntry: false }) ?? { mode: 0 };
  return (mode & 0o077) !== 0;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function isPlainRemote(databaseUrl: string): boolean {
  const url = URL.parse(databaseUrl);
  if (url === null) return false;
  const host = url.searchParams.get('host') ?? url.hostname;
  if (host === '' || host.startsWith('/') || isLoopback(host)) return false;
  return url.searchParams.get('sslmode') !== 'verify-full';
}
