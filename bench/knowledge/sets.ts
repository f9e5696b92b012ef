import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';

// Public retrieval sets, shipped under their licences (sets/README.md): documents, questions, and which
// documents answer them.

export interface RetrievalSet {
  readonly name: string;
  /** A text search configuration of Postgres, which is what Snowball calls the language, too. */
  readonly language: Language;
  readonly documents: readonly SetDocument[];
  readonly queries: readonly SetQuery[];
}

export type Language =
  | 'english'
  | 'german'
  | 'spanish'
  | 'russian'
  | 'turkish'
  | 'arabic'
  | 'chinese';

export interface SetDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface SetQuery {
  readonly id: string;
  readonly text: string;
  /** Documents that answer it. */
  readonly relevant: readonly string[];
}

export const setNames = {
  scifact: { name: 'SciFact', language: 'english' },
  pubmedqa: { name: 'PubMedQA', language: 'english' },
  'xquad-en': { name: 'XQuAD', language: 'english' },
  'xquad-de': { name: 'XQuAD, German', language: 'german' },
  'xquad-es': { name: 'XQuAD, Spanish', language: 'spanish' },
  'xquad-ru': { name: 'XQuAD, Russian', language: 'russian' },
  'xquad-tr': { name: 'XQuAD, Turkish', language: 'turkish' },
  'xquad-ar': { name: 'XQuAD, Arabic', language: 'arabic' },
  'xquad-zh': { name: 'XQuAD, Chinese', language: 'chinese' },
} as const satisfies Record<string, { readonly name: string; readonly language: Language }>;

export type SetName = keyof typeof setNames;

export function isSetName(name: string): name is SetName {
  return Object.hasOwn(setNames, name);
}

/** What is set in the search was chosen by the questions of one half; figures are the other's. */
export const halves = ['reported', 'tuned'] as const;
export type Half = (typeof halves)[number];

export async function readSet(name: SetName, half: Half = 'reported'): Promise<RetrievalSet> {
  const packed = await readFile(new URL(`sets/${name}.json.br`, import.meta.url));
  const { documents, queries } = JSON.parse(brotliDecompressSync(packed).toString('utf8')) as Pick<
    RetrievalSet,
    'documents' | 'queries'
  >;
  return { ...setNames[name], documents, queries: queries.filter(({ id }) => halfOf(id) === half) };
}

function halfOf(queryId: string): Half {
  const [first = 0] = createHash('sha256').update(queryId).digest();
  return first % 2 === 0 ? 'tuned' : 'reported';
}
