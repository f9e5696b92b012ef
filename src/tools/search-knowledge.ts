import { z } from 'zod';
import { type AskKnowledge, citationOf, type FoundPassage } from '../core/knowledge.ts';
import type { Run } from '../core/run.ts';
import { builtIn } from './built-in.ts';
import { checkedBy } from './checked-by.ts';
import type { AgentTool } from './tool.ts';

export const searchKnowledgeToolName = 'search_knowledge';

const argumentsSchema = z.strictObject({
  query: z.string().trim().min(1).max(2_000),
  max_results: z.int().min(1).max(10).optional(),
});
const usualResults = 5;

/** What models and people are told of it. */
export const searchKnowledgeOffer = {
  description:
    'Searches the knowledge of the workspace (policies, procedures, facts) and returns the passages that fit best, or says that there is no answer. Ask one question at a time, in full words.',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'The question, in the words of its subject.' },
      max_results: { type: 'integer', minimum: 1, maximum: 10, description: 'Default 5.' },
    },
    required: ['query'],
    additionalProperties: false,
  },
} as const;

const nothing =
  'No answer found in the knowledge base. Do not answer from memory: ask in other words once, or escalate to a person and say what is missing.';
const weak =
  'No clear answer found in the knowledge base: these passages are only near the question. Use them if they really answer it; else do not answer from memory, but escalate to a person and say what is missing.';

/** The built-in tool by which an agent reads the knowledge of its workspace. */
export function searchKnowledgeTool(
  port: AskKnowledge,
  run: Pick<Run, 'id' | 'workspaceId' | 'agentId' | 'entityId' | 'dryRun'>,
): AgentTool {
  return {
    name: searchKnowledgeToolName,
    description: searchKnowledgeOffer.description,
    inputSchema: searchKnowledgeOffer.inputSchema,
    ...builtIn,
    check: checkedBy(argumentsSchema),
    call: async ({ inputJson, key, signal }) => {
      const startedAt = performance.now();
      const { query, max_results } = argumentsSchema.parse(JSON.parse(inputJson));
      const { isAnswered, passages, degraded } = await port.ask({
        workspaceId: run.workspaceId,
        runId: run.id,
        agentId: run.agentId,
        entityId: run.entityId,
        callKey: key,
        query,
        maxResults: max_results ?? usualResults,
        isDry: run.dryRun,
        signal,
      });
      const results = passages.map(shown);
      const message = isAnswered ? found(results.length) : results.length > 0 ? weak : nothing;
      const rawData = { found: isAnswered, ...(degraded === null ? {} : { degraded }), results };
      const outputJson = JSON.stringify({ message, rawData });
      const runTimeMs = Math.round(performance.now() - startedAt);
      return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs };
    },
  };
}

function found(count: number): string {
  return count === 1 ? 'Found 1 passage.' : `Found ${count} passages, best first.`;
}

function shown(passage: FoundPassage) {
  return {
    cite: citationOf(passage.id),
    node_id: passage.nodeId,
    node_version: passage.nodeVersion,
    chunk_id: passage.id,
    title: passage.nodeTitle,
    context: passage.context,
    text: passage.text,
    url: passage.url,
    relevance: Math.round(passage.score * 1_000) / 1_000,
  };
}
