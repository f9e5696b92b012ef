import type { AgentDefinition } from '../core/agent.ts';
import type { JournalEntry } from '../core/journal.ts';
import { searchKnowledgeToolName } from '../tools/search-knowledge.ts';

// Which passages a reply cites, read from the run's own journal: a mark that no search of this run has given
// is not a source, and is taken out.

interface Passage {
  readonly cite: string;
  readonly context: string;
  readonly url: string | null;
}

const mark = /\s?\[kc:[0-9a-z]{6}\]/g;

/** The reply with numbers in place of marks and a list of sources, where the agent wants that. */
export function replyWithSources(
  definition: Pick<AgentDefinition, 'cite_sources'>,
  entries: readonly JournalEntry[],
  reply: string,
): string {
  if (!definition.cite_sources) return reply;
  const known = new Map(
    entries.flatMap(passagesOf).map((passage) => [passage.cite, passage] as const),
  );
  const sources: string[] = [];
  const text = reply.replace(mark, (found) => {
    const passage = known.get(found.trim());
    if (passage === undefined) return '';
    const source = passage.url === null ? passage.context : `${passage.context}: ${passage.url}`;
    const at = sources.indexOf(source);
    if (at < 0) sources.push(source);
    return ` [${at < 0 ? sources.length : at + 1}]`;
  });
  if (sources.length === 0) return text;
  const list = sources.map((source, at) => `[${at + 1}] ${source}`).join('\n');
  return `${text}\n\nSources:\n${list}`;
}

function passagesOf(entry: JournalEntry): readonly Passage[] {
  if (entry.type !== 'tool' || entry.state !== 'done') return [];
  const { name, outputJson } = entry.data;
  if (name !== searchKnowledgeToolName || outputJson === null) return [];
  const output = JSON.parse(outputJson) as { readonly rawData?: { readonly results?: Passage[] } };
  return output.rawData?.results ?? [];
}
