import { z } from '@hono/zod-openapi';
import { RawJson } from '../../core/raw-json.ts';
import { analyzeRuns } from '../../runs/insights.ts';
import { getLatestAnalysis } from '../../store/insight-analyses.ts';
import { created, ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const tag = 'Insights';
const workspace = { from: 'header', need: 'one' } as const;

export const insightRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/public-api/insights/analyze',
      operationId: 'public_api.insights_analyze_post',
      tag,
      summary: 'Analyse what agents did in the last days',
      description:
        'Done when it is answered. Executions, calls and hours of work by agent, as they were measured, and those hours at the rate given; a sample of what succeeded.',
      resource: 'run',
      right: 'write',
      workspace,
      body: z.object({
        period_days: z.number().int().min(1).max(366).default(30),
        sample_size: z.number().int().min(1).max(100).default(20),
        hourly_rate: z.number().min(0).max(1_000_000).default(0),
        currency_symbol: z.string().min(1).max(8).default('$'),
      }),
      bodyExample: { period_days: 30, hourly_rate: 60 },
      responses: { 201: { description: 'Analysed.', data: z.object({ analysis_id: z.string() }) } },
    },
    async ({ body, workspaceId }, deps) => {
      const order = {
        ...{ workspaceId, periodDays: body.period_days, sampleSize: body.sample_size },
        ...{ hourlyRate: body.hourly_rate, currencySymbol: body.currency_symbol },
      };
      return created({ analysis_id: await analyzeRuns(deps.db, order) });
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/insights/result',
      operationId: 'public_api.insights_result_get',
      tag,
      summary: 'Get the latest analysis',
      description: '`data` is null as long as nothing was analysed.',
      resource: 'usage',
      right: 'read',
      workspace,
      responses: {
        200: {
          description: 'Success.',
          data: z
            .object({
              analysis_id: z.string(),
              completed_at: z.string().openapi({ format: 'date-time' }),
              period_days: z.number().int(),
              hourly_rate: z.number(),
              result: z.looseObject({}),
            })
            .nullable(),
        },
      },
    },
    async ({ workspaceId }, deps) => {
      const found = await getLatestAnalysis(deps.db, workspaceId);
      if (found === null) return ok(null);
      return ok({
        analysis_id: found.id,
        completed_at: found.completedAt.toISOString(),
        period_days: found.periodDays,
        hourly_rate: found.hourlyRate,
        result: new RawJson(found.resultJson),
      });
    },
  ),
];
