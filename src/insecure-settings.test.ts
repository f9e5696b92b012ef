import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnv } from './env.ts';
import { insecureSettings } from './insecure-settings.ts';

const key = 'k7Qm2xVtB9cLr4WzP0sHd6YfJ1nGa8Ue';

function named(source: Record<string, string>) {
  const env = readEnv({ SIGNALBOX_DATA_DIR: '/nonexistent', ...source });
  return insecureSettings(env).map(({ setting, isFault }) => `${isFault ? '!' : ''}${setting}`);
}

test.each([
  [{}, []],
  [{ SIGNALBOX_SECRET_KEY: key, HOST: '::1' }, []],
  [{ SIGNALBOX_SECRET_KEY: 'a'.repeat(40) }, ['!SIGNALBOX_SECRET_KEY']],
  [{ SIGNALBOX_ADMIN_TOKEN: 'capi_changeme_now_please' }, ['!SIGNALBOX_ADMIN_TOKEN']],
  [{ SIGNALBOX_SECRET_KEY: key, SIGNALBOX_OLD_SECRET_KEYS: key }, ['SIGNALBOX_OLD_SECRET_KEYS']],
  [{ HOST: '0.0.0.0' }, ['HOST']],
  [
    { SIGNALBOX_RATE_LIMIT: '0', SIGNALBOX_LOG_LEVEL: 'debug' },
    ['SIGNALBOX_RATE_LIMIT', 'SIGNALBOX_LOG_LEVEL'],
  ],
  [
    { SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS: '10.0.0.0/8,0.0.0.0/0,169.254.169.254' },
    ['!SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS', '!SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS'],
  ],
  [
    {
      SIGNALBOX_MODEL_PRIVATE_NETWORKS: '10.0.0.0/8,169.254.169.254',
      SIGNALBOX_TOOL_PRIVATE_NETWORKS: '127.0.0.1,::/0',
    },
    ['!SIGNALBOX_MODEL_PRIVATE_NETWORKS', '!SIGNALBOX_TOOL_PRIVATE_NETWORKS'],
  ],
  [{ SIGNALBOX_SECRET_KEY: key, DATABASE_URL: 'postgres://u:p@db.test/x' }, ['DATABASE_URL']],
  [{ SIGNALBOX_SECRET_KEY: key, DATABASE_URL: 'postgres://u:p@db.test/x?sslmode=verify-full' }, []],
  [{ SIGNALBOX_SECRET_KEY: key, DATABASE_URL: 'postgres://u@/x?host=/run/postgresql' }, []],
])('of %o it names %o', (source, expected) => {
  expect(named(source as Record<string, string>)).toEqual(expected);
});

test('a key that others can read is a fault', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-insecure-'));
  try {
    const path = join(dataDir, 'secret-key');
    writeFileSync(path, key, { mode: 0o600 });
    expect(named({ SIGNALBOX_DATA_DIR: dataDir })).toEqual([]);
    chmodSync(path, 0o640);
    expect(named({ SIGNALBOX_DATA_DIR: dataDir })).toEqual(['!secret-key']);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
