import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { startAuthorizingProxy } from '../../../test/support/authorizing-proxy.ts';
import { requires } from '../../../test/support/requires.ts';
import { repositoryRoot } from '../../../test/support/source-tree.ts';
import { type ServedApi, serveApi } from '../serve.ts';

// What others wrote against the protocol; `.ci/peers` installs it.

const peers = join(repositoryRoot, '.cache', 'peers', 'node_modules');
const conformance = join(peers, '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const otherClient = join(peers, '@ai-sdk', 'mcp', 'dist', 'index.js');

let api: TestApi;
let served: ServedApi;
beforeAll(async () => {
  api = await createTestApi();
  served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

describe(
  'the conformance tool',
  requires(existsSync(conformance), 'no conformance (.ci/peers)'),
  () => {
    // The others ask for tools, resources and prompts that only a server made for the tool has.
    test.each(['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'])(
      'finds nothing wrong with %s',
      { timeout: 60_000 },
      async (scenario) => {
        await using proxy = await startAuthorizingProxy(served.url, api.tokens.write);
        const folder = mkdtempSync(join(tmpdir(), 'signalbox-conformance-'));
        const options = ['--url', `${proxy.url}/v1/mcp`, '--scenario', scenario, '-o', folder];
        try {
          const { stdout } = await promisify(execFile)(process.execPath, [
            conformance,
            'server',
            ...options,
          ]);
          expect(stdout).toMatch(/Passed: [1-9]\d*\/\d+, 0 failed/);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  },
);

describe(
  'the client of another vendor',
  requires(existsSync(otherClient), 'no @ai-sdk/mcp (.ci/peers)'),
  () => {
    test('lists the tools and calls them', async () => {
      const { createMCPClient } = await import(pathToFileURL(otherClient).href);
      const client = await createMCPClient({
        transport: {
          type: 'http',
          url: `${served.url}/v1/mcp`,
          headers: { Authorization: `Bearer ${api.tokens.write}` },
        },
      });
      try {
        const tools = await client.tools();
        const options = { toolCallId: '1', messages: [] };
        const result = await tools.list_workspaces.execute({}, options);
        expect(result.structuredContent.data[0].id).toBe(api.workspace.id);
      } finally {
        await client.close();
      }
    });
  },
);
