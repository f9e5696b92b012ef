import { z } from 'zod';
import { readSpill, type SpillSlice, type SpillStorage } from '../store/spills.ts';
import { builtIn } from './built-in.ts';
import { checkedBy } from './checked-by.ts';
import { failedCall } from './failed-call.ts';
import type { AgentTool, ToolCallResult } from './tool.ts';

export const readOutputName = 'read-output';

/** The most that one call gives, as it was stored. */
const maxSliceBytes = 32_768;
/** The answer as JSON, in which quotes and control characters take more room. */
const maxAnswerBytes = 60_000;

const argumentsSchema = z.object({
  handle: z.string(),
  offset: z.int().min(0).max(2_147_483_647).default(0),
  length: z.int().min(1).max(maxSliceBytes).default(16_384),
});

/** The built-in tool by which a model reads on in an output that was too large to show (I8): of this run only. */
export function readOutputTool(storage: SpillStorage, runId: string): AgentTool {
  return {
    name: readOutputName,
    description:
      'Reads a part of a large output of this run that was shown only with its head and tail. Go on at next_offset.',
    inputSchema: {
      type: 'object',
      properties: {
        handle: { type: 'string', description: 'The handle, as the shortened output names it.' },
        offset: { type: 'integer', minimum: 0, description: 'First byte; default 0.' },
        length: {
          type: 'integer',
          minimum: 1,
          maximum: maxSliceBytes,
          description: 'Bytes; default 16384.',
        },
      },
      required: ['handle'],
    },
    ...builtIn,
    check: checkedBy(argumentsSchema),
    call: async ({ inputJson }) => {
      const startedAt = performance.now();
      const { handle, offset, length } = argumentsSchema.parse(JSON.parse(inputJson));
      const slice = await readSpill(storage, { runId, id: handle, offset, length });
      return resultOf(handle, slice, performance.now() - startedAt);
    },
  };
}

function resultOf(handle: string, slice: SpillSlice | null, tookMs: number): ToolCallResult {
  const runTimeMs = Math.round(tookMs);
  if (slice === null) {
    const error = `This run has no output "${handle}". Take the handle from the shortened output.`;
    return failedCall(error, runTimeMs);
  }
  const outputJson = answerOf(handle, slice);
  return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs };
}

function answerOf(handle: string, slice: SpillSlice): string {
  const { text, offset, nextOffset, sizeBytes } = slice;
  const endsAt = offset + Buffer.byteLength(text);
  const answer = JSON.stringify({
    message: `Bytes ${offset} to ${endsAt} of ${sizeBytes}.`,
    rawData: { handle, offset, next_offset: nextOffset, size_bytes: sizeBytes, text },
  });
  if (Buffer.byteLength(answer) <= maxAnswerBytes) return answer;
  const half = text.slice(0, Math.floor(text.length / 2)).toWellFormed();
  const nextHalf = offset + Buffer.byteLength(half);
  return answerOf(handle, { text: half, offset, nextOffset: nextHalf, sizeBytes });
}
