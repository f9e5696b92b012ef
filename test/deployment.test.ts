import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEnv } from '../src/env.ts';
import { repositoryRoot } from './support/source-tree.ts';

// There is no container engine here: what the files for one say of the program is checked.

const folder = join(repositoryRoot, 'deploy');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string(),
        build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
        env_file: z
          .array(z.object({ path: z.literal('.env'), required: z.literal(false) }))
          .optional(),
        command: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.string()),
        security_opt: z.array(z.string()).optional(),
        volumes: z.array(z.string()),
      }),
    ),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('compose.yaml'), { merge: true }));

describe('the compose file', () => {
  test('names only settings that the server knows, and takes them when they are filled in', () => {
    for (const name of ['server', 'worker']) {
      const given = compose.services[name]?.environment ?? {};
      // Whatever else is set comes from there.
      expect(compose.services[name]?.env_file).toHaveLength(1);
      const filled = Object.fromEntries(
        Object.entries(given).map(([variable, value]) => [
          variable,
          value.replace(/\$\{[A-Z_]+:\?[^}]+\}/g, 'x'.repeat(44)).replace(/\$\{[A-Z_]+:-\}/g, ''),
        ]),
      );
      expect(readEnv(filled)).toMatchObject({
        databaseUrl: `postgresql://signalbox:${'x'.repeat(44)}@postgres/signalbox`,
        secretKey: 'x'.repeat(44),
      });
    }
  });

  test('names only files, volumes and commands that there are', () => {
    const { server, worker, postgres } = compose.services;
    expect(
      existsSync(join(folder, server?.build?.context ?? '', server?.build?.dockerfile ?? '')),
    ).toBe(true);
    expect(worker?.command).toEqual(['worker']);
    for (const service of [server, worker]) {
      const profile = service?.security_opt?.find((one) => one.startsWith('seccomp='));
      expect(existsSync(join(folder, profile?.slice('seccomp='.length) ?? ''))).toBe(true);
    }
    for (const service of [server, worker, postgres]) {
      for (const volume of service?.volumes ?? []) {
        expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      }
    }
  });
});

test('the image ends as an ordinary user, with nothing of the build in it', () => {
  const [, ...stages] = read('Dockerfile').split(/^FROM /m);
  const last = stages.at(-1) ?? '';
  expect(stages).toHaveLength(2);
  expect(last).toMatch(/^USER 10001:10001$/m);
  expect(last).toMatch(/^COPY --from=build \S+\.tgz /m);
  expect(last.match(/^COPY/gm)).toHaveLength(1);
  const ignored = readFileSync(join(repositoryRoot, '.dockerignore'), 'utf8').split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['node_modules', '.signalbox', '.git', '**/.env']),
  );
});
