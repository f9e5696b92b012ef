import { proxyActivities } from '@temporalio/workflow';
import type { ThreeSteps } from './by-hand.ts';

// The workflow of by-hand.ts.

const { decide, lookUp, respond } = proxyActivities<ThreeSteps>({
  startToCloseTimeout: '1 minute',
});

export async function threeSteps(_given: unknown): Promise<unknown> {
  await decide();
  await lookUp();
  return await respond();
}
