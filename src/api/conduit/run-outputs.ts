import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { readSpill } from '../../store/spills.ts';
import { ok } from '../answer.ts';
import { findRunOfAgent } from '../find.ts';
import { integerParam } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam } from './fields.ts';
import { runParams } from './run-params.ts';

const outputSlice = z.object({
  id: z.string(),
  offset: z
    .number()
    .int()
    .openapi({ description: 'First byte, moved to where a character begins.' }),
  size_bytes: z.number().int().openapi({ description: 'Of the whole output, in UTF-8.' }),
  next_offset: z.number().int().nullable().openapi({ description: 'Null at the end.' }),
  text: z.string(),
});

export const getRunOutput = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/runs/{run_id}/outputs/{output_id}',
    operationId: 'getAgentRunOutput',
    tag: 'agents',
    summary: 'Read a part of a large output',
    description:
      'Outputs over 64 KiB are kept apart: steps and trace show their head and tail with `output_id`.',
    resource: 'run',
    right: 'read',
    workspace: { from: 'query', need: 'optional' },
    params: runParams.extend({
      output_id: idParam('Output', 'sp77c0dy0mgdpzmqz6tesry8w184002s'),
    }),
    query: z.object({
      offset: integerParam({
        min: 0,
        max: 999_999_999,
        default: 0,
        description: 'First byte of the part.',
      }),
      limit: integerParam({
        min: 1,
        max: 1_048_576,
        default: 65_536,
        description: 'Bytes of the part at most; a character is never cut.',
      }),
    }),
    responses: { 200: { description: 'Part of the output', data: outputSlice } },
  },
  async ({ params, query, scope }, deps) => {
    const run = await findRunOfAgent(deps, scope, params);
    const { offset, limit: length } = query;
    const id = params.output_id;
    const slice = await readSpill(deps, { runId: run.id, id, offset, length });
    if (slice === null) throw new ApiError('not_found', `Run ${run.id} has no output ${id}.`);
    return ok({
      id,
      offset: slice.offset,
      size_bytes: slice.sizeBytes,
      next_offset: slice.nextOffset,
      text: slice.text,
    });
  },
);
