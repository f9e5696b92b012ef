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

const dependency = z.object({ condition: z.string() });

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      build: z
        .object({
          context: z.string(),
          dockerfile: z.string(),
          args: z.record(z.string(), z.string()).optional(),
        })
        .optional(),
      env_file: z
        .array(z.object({ path: z.literal('.env'), required: z.literal(false) }))
        .optional(),
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()),
      security_opt: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
      healthcheck: z.object({ disable: z.boolean().optional() }).optional(),
      depends_on: z.record(z.string(), dependency).optional(),
      volumes: z.array(z.string()).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

const secret = 'x'.repeat(44);

describe.each([
  {
    file: 'compose.yaml',
    own: { server: undefined, worker: ['worker'] },
    engine: { engine: 'local' },
  },
  {
    file: 'compose.temporal.yaml',
    own: {
      'api-one': ['start', '--no-worker'],
      'api-two': ['start', '--no-worker'],
      'worker-one': ['worker', '--engine', 'temporal'],
      'worker-two': ['worker', '--engine', 'temporal'],
    },
    engine: {
      engine: 'temporal',
      temporal: {
        ...{ address: 'temporal:7233', namespace: 'default' },
        uiUrl: 'http://127.0.0.1:8080',
      },
    },
  },
])('$file', ({ file, own, engine }) => {
  const compose = composeFile.parse(parse(read(file), { merge: true }));
  const services = Object.entries(compose.services);

  test('names only settings that the server knows, and takes them when they are filled in', () => {
    for (const [name, command] of Object.entries(own)) {
      const service = compose.services[name];
      expect(service?.command).toEqual(command);
      // Whatever else is set comes from there.
      expect(service?.env_file).toHaveLength(1);
      const filled = Object.fromEntries(
        Object.entries(service?.environment ?? {}).map(([variable, value]) => [
          variable,
          value.replace(/\$\{[A-Z_]+:\?[^}]+\}/g, secret).replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1'),
        ]),
      );
      expect(readEnv(filled)).toMatchObject({
        databaseUrl: `postgresql://signalbox:${secret}@postgres/signalbox`,
        secretKey: secret,
        ...engine,
      });
    }
  });

  test('names only files, volumes and services that there are', () => {
    for (const [name, service] of services) {
      const { build, security_opt = [], volumes = [], depends_on = {}, environment } = service;
      if (build !== undefined) {
        expect(existsSync(join(folder, build.context, build.dockerfile))).toBe(true);
        for (const arg of Object.keys(build.args ?? {})) {
          expect(read('Dockerfile')).toMatch(new RegExp(`^ARG ${arg}=`, 'm'));
        }
      }
      const profile = security_opt.find((one) => one.startsWith('seccomp='));
      expect(profile !== undefined).toBe(name in own);
      if (profile !== undefined) expect(existsSync(join(folder, profile.slice(8)))).toBe(true);
      for (const volume of volumes)
        expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services).toHaveProperty(other);
        const isHealth = condition === 'service_healthy';
        expect(isHealth || condition === 'service_completed_successfully').toBe(true);
        // The image of ours has a check of its own; a worker switches it off.
        expect(compose.services[other]?.healthcheck?.disable === true).toBe(false);
        const hasCheck = other in own || compose.services[other]?.healthcheck !== undefined;
        if (isHealth) expect(hasCheck, other).toBe(true);
      }
      for (const value of Object.values(environment)) {
        const [, host = null] = /^([a-z-]+):\d+$/.exec(value) ?? [];
        if (host !== null) expect(compose.services).toHaveProperty(host);
      }
    }
  });

  test('publishes nothing beyond this machine, and each port once', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(published.map((port) => port.split(':')[1])).size).toBe(published.length);
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
