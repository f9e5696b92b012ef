import { ApiError } from '../core/errors.ts';
import type { KnowledgeNode } from '../core/knowledge.ts';
import type { Run } from '../core/run.ts';
import { refusal } from '../core/validate.ts';
import { findEscalationOfRun } from '../store/escalations.ts';
import { closeGapsOfRun, openGapsOfRun } from '../store/kb-gaps.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { createNode, type KnowledgeDeps } from './nodes.ts';

export interface AnswerToRun {
  /** What was asked; null takes the run's own question that found no answer. */
  readonly question: string | null;
  /** Null takes what a person sent in the run's place. */
  readonly answer: string | null;
  readonly title: string | null;
  readonly parentId: string | null;
  readonly entityIds: readonly string[] | null;
  readonly tags: readonly string[];
  readonly createdBy: string | null;
}

const maxTitle = 300;

/**
 * A node of a run's question and a person's answer. It is about what the run was about, unless told otherwise;
 * the questions of the run that were open are answered by it. Throws `validation_error`, and `conflict` when
 * the run has its node already.
 */
export async function nodeFromRun(
  deps: KnowledgeDeps,
  run: Pick<Run, 'id' | 'runId' | 'workspaceId' | 'entityId'>,
  given: AnswerToRun,
  inTransaction?: InTransaction<KnowledgeNode>,
): Promise<KnowledgeNode> {
  const gaps = await openGapsOfRun(deps.db, run.id);
  const question = given.question ?? gaps.at(-1)?.query ?? null;
  if (question === null) {
    throw refusal(
      new Map([['question', 'is required: the run left no question without an answer']]),
    );
  }
  const answer = given.answer ?? (await findEscalationOfRun(deps.db, run.id))?.sent?.response;
  if (answer === undefined) {
    throw refusal(
      new Map([['answer', 'is required: nobody has replied to what the run handed over']]),
    );
  }
  try {
    return await createNode(
      deps,
      {
        workspaceId: run.workspaceId,
        title: (given.title ?? question).slice(0, maxTitle),
        isDirectory: false,
        body: `**Question:** ${question.replace(/\s+/g, ' ')}\n\n${answer}`,
        file: null,
        sourceType: 'markdown',
        parentId: given.parentId,
        chunkBody: true,
        entityIds: given.entityIds ?? (run.entityId === null ? [] : [run.entityId]),
        tags: given.tags,
        metadataJson: JSON.stringify({ run_id: run.runId }),
        enabled: true,
        language: null,
        source: 'run',
        sourceId: run.id,
        createdBy: given.createdBy,
      },
      async (tx, node) => {
        await closeGapsOfRun(tx, run.id, node.id);
        await inTransaction?.(tx, node);
      },
    );
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem !== 'conflict') throw error;
    throw new ApiError('conflict', 'This run has its knowledge node already. Change that one.', {
      cause: error,
    });
  }
}
