import type { KnowledgeNode } from '../api/work-types.ts';
import type { Tone } from '../ui/Badge.tsx';

type Status = KnowledgeNode['embed_status'];

export const nodeStatuses: Readonly<Record<Status, readonly [words: string, tone: Tone]>> = {
  pending: ['waits to be indexed', 'live'],
  processing: ['is being read', 'live'],
  embedding: ['is being embedded', 'live'],
  ready: ['indexed', 'good'],
  failed: ['failed', 'bad'],
  none: ['not indexed', 'plain'],
};

export function isIndexing({ embed_status: status }: Pick<KnowledgeNode, 'embed_status'>): boolean {
  return status === 'pending' || status === 'processing' || status === 'embedding';
}
