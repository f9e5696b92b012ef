import { newId } from '../core/ids.ts';
import type { AskKnowledge, FoundPassage } from '../core/knowledge.ts';
import { insertGap } from '../store/kb-gaps.ts';
import { type SearchDeps, searchKnowledge } from './search.ts';

// What runs ask. Where nothing answers, the question is noted, so that people see what is missing.

/** How much of a question a passage must have, by weight of its words, to pass for its answer. */
const enoughCoverage = 0.4;
/** How like the question it must be instead. */
const enoughSimilarity = 0.6;

/** What the tool of agents asks by. Nothing but the workspace of the run is reached. */
export function askKnowledge(deps: SearchDeps): AskKnowledge {
  return {
    ask: async (question) => {
      const { workspaceId, entityId, query, maxResults } = question;
      const { passages, degraded } = await searchKnowledge(deps, {
        scope: {
          workspaceId,
          entityIds: entityId === null ? null : [entityId],
          withUnscoped: true,
        },
        query,
        maxResults,
        signal: question.signal,
        runId: question.runId,
      });
      const isAnswered = passages.some(isAnswer);
      if (!isAnswered && !question.isDry) {
        await insertGap(deps.db, { ...question, id: newId('knowledgeGap') });
      }
      return { isAnswered, passages, degraded };
    },
  };
}

function isAnswer({ coverage, similarity }: FoundPassage): boolean {
  return coverage >= enoughCoverage || (similarity ?? 0) >= enoughSimilarity;
}
