import { ApiError } from '../core/errors.ts';
import { isSameSecret } from '../core/is-same-secret.ts';
import { defineRoute } from './route.ts';

/** What Prometheus reads. Has a token of its own, which opens nothing else; without one it does not exist. */
export const metricsRoute = defineRoute(
  {
    method: 'get',
    path: '/metrics',
    operationId: 'metrics',
    tag: 'meta',
    summary: 'Metrics, in the text form of Prometheus',
    resource: 'meta',
    right: 'public',
    workspace: 'none',
    responses: {
      200: { description: 'Metrics', contentType: 'text/plain' },
      401: { description: 'Not the token of SIGNALBOX_METRICS_TOKEN' },
      404: { description: 'Not switched on' },
    },
  },
  async ({ http }, deps) => {
    const { metrics } = deps;
    if (metrics === undefined || metrics === null) {
      throw new ApiError('not_found', 'Metrics are not switched on: set SIGNALBOX_METRICS_TOKEN.');
    }
    const [, given = ''] = /^Bearer (.+)$/i.exec(http.req.header('authorization') ?? '') ?? [];
    if (!isSameSecret(given, metrics.token)) {
      throw new ApiError(
        'unauthenticated',
        'Metrics are read with the token of SIGNALBOX_METRICS_TOKEN: Authorization: Bearer <token>.',
      );
    }
    const text = await metrics.read();
    return http.body(text, 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  },
);
