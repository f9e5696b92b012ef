import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../../test/support/run-cli.ts';
import { createTinyServer, sendJson } from '../../../test/support/tiny-server.ts';

test('a file that cannot be read any more is counted, and the others are sent', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-kb-'));
  const names = ['a.md', 'b.md', 'c.md', 'd.md', 'e.md', 'f.md'];
  for (const name of names) await writeFile(join(folder, name), `# ${name}`);
  const last = join(folder, 'f.md');
  try {
    await using server = await createTinyServer((request, response) => {
      if (request.path.startsWith('/v1/kb/nodes/search')) {
        return sendJson(response, { data: [], next_cursor: null, has_more: false });
      }
      // The folder has been listed, and this file is not among the first ones that are read.
      rmSync(last, { force: true });
      sendJson(response, { data: { id: 'kn1' } });
    });
    const env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: 'capi_test' };
    const { code, stdout, stderr } = await runCli(['kb', 'sync', folder], { env });
    expect(stdout).toContain('5 added, 0 changed, 0 unchanged, 0 removed, 1 failed');
    expect(stderr).toContain('failed f.md: Cannot read f.md: it does not exist');
    expect(code).toBe(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
