import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBenchPostgres } from '../support/postgres.ts';
import { circumstances, loadBefore, publish } from '../support/report.ts';
import { scaleTable } from './page.ts';
import { startPythonPeers } from './peers.ts';
import { measureScale } from './scale.ts';

// What search costs among many chunks, in time, memory and disk, beside what others need for the same texts.
//
//   npm run knowledge-scale [-- --chunks 100000] [--no-page]

const { values } = parseArgs({
  options: {
    chunks: { type: 'string', default: '100000' },
    'no-page': { type: 'boolean', default: false },
  },
});
const loadAtStart = loadBefore();
const cacheDir = fileURLToPath(new URL('../../.cache/knowledge-bench', import.meta.url));
await using postgres = await startBenchPostgres();
await using python = await startPythonPeers(cacheDir);
const chunks = Number(values.chunks);
const report = (line: string) => console.error(line);
const figures = await measureScale(chunks, { postgres, python, cacheDir, report });
const page = `# Knowledge: ${chunks.toLocaleString('en-US')} chunks

\`cd bench && npm run knowledge-scale\`

${circumstances(loadAtStart, { Postgres: postgres.version })}

Chunks of about 900 characters, made of sentences of the English sets of [knowledge.md](knowledge.md); ten results of
each question, one after another. Memory is that of the process that searches, beyond the texts; MiniSearch, Orama and
bm25s hold all of it there, and have nothing on disk: what they index is gone with their process. Ours is the vectors
(Postgres' own 128 MiB of shared buffers are not counted) and the database on disk, which is durable, with the texts.
Index time of ours is that of nodes created one by one, read in processes of their own and committed; with WordLlama,
that of the vectors alone. "Of one entity" filters by \`entity_ids\`: a fiftieth of the chunks.

${scaleTable(figures)}
`;
if (values['no-page']) console.log(page);
else await publish('knowledge-scale', page);
