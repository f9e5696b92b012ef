import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBenchPostgres } from '../support/postgres.ts';
import { circumstances, loadBefore, publish } from '../support/report.ts';
import { scoreTable, verdicts } from './page.ts';
import { startPythonPeers } from './peers.ts';
import { lexicalPeers, ownMethods, type SetScores, scoresOfSet } from './quality.ts';
import { halves, isSetName, setNames } from './sets.ts';

// How well knowledge is found, by words, by vectors and by both, beside what others make of the same texts.
//
//   npm run knowledge [-- --sets scifact,xquad-de] [--half tuned] [--no-page]

const { values } = parseArgs({
  options: {
    sets: { type: 'string', default: Object.keys(setNames).join(',') },
    half: { type: 'string', default: 'reported' },
    'no-page': { type: 'boolean', default: false },
  },
});
const loadAtStart = loadBefore();
const cacheDir = fileURLToPath(new URL('../../.cache/knowledge-bench', import.meta.url));
await using postgres = await startBenchPostgres();
await using python = await startPythonPeers(cacheDir);
const half = halves.find((one) => one === values.half);
if (half === undefined) throw new Error(`--half is one of ${halves.join(', ')}.`);
const given = { postgres, python, cacheDir, half, report: (line: string) => console.error(line) };
const scores: SetScores[] = [];
for (const name of values.sets.split(',').filter(isSetName)) {
  scores.push(await scoresOfSet(name, given));
}
const english = scores.filter(({ set }) => setNames[set].language === 'english');
const others = scores.filter(({ set }) => setNames[set].language !== 'english');
const sizes = scores
  .map((one) => `${setNames[one.set].name} ${one.documents} texts, ${one.queries} questions`)
  .join('; ');
const page = `# Knowledge: how well it is found

\`cd bench && npm run knowledge\`; what it costs among 100,000 chunks is in [knowledge-scale.md](knowledge-scale.md).

${circumstances(loadAtStart, { Postgres: postgres.version, sets: sizes })}

The sets are public and shipped with the bench (\`bench/knowledge/sets/README.md\` says whose they are and under
which licence). Their questions are in two halves by a
hash of their ids: what is set in the search (the weights of its rankings, which lists of stop words) was chosen by one
half, and all figures here are the other's (\`--half tuned\` shows the first). Ours is the product's own search with nothing set for a set: documents are nodes, cut into chunks
and read in the language that is found out by itself; a document's place is that of its best passage. **words** is search
without embeddings. **WordLlama** (static embeddings, 256 dimensions, in the server's own process) and **MiniLM**
(all-MiniLM-L6-v2 with 8-bit weights, 384 dimensions, behind an OpenAI-compatible API) are search by vectors alone,
**words + …** what a workspace with that model gets. The peers index whole documents, each set up for the language
as its documentation says: MiniSearch as it comes, Orama with its stemmer and stop words, bm25s with Snowball's stemmer and the same
stop words (k1 1.2, b 0.75, as ours).

${verdicts(scores)
  .map((line) => `- ${line}`)
  .join('\n')}

${
  english.length === 0
    ? ''
    : `## English, nDCG@10 × 100

${scoreTable(english, 'ndcg', [...lexicalPeers, ...ownMethods])}

## English, recall@10 × 100

${scoreTable(english, 'recall', [...lexicalPeers, ...ownMethods])}
`
}${
  others.length === 0
    ? ''
    : `
## Other languages, nDCG@10 × 100

By words: both models are English ones. Orama's tokenizer reads no Chinese, and bm25s has no stemmer for it.

${scoreTable(others, 'ndcg', [...lexicalPeers, 'words'])}

## Other languages, recall@10 × 100

${scoreTable(others, 'recall', [...lexicalPeers, 'words'])}
`
}`;
if (values['no-page'] || half !== 'reported') console.log(page);
else await publish('knowledge', page);
