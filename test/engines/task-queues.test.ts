import { describe, expect, test } from 'vitest';
import { ownTaskQueues, taskQueueOf } from '../../engines/temporal/src/task-queues.ts';

const naming = {
  taskQueue: 'box',
  classes: new Map([['ws01', 'large']]),
  workFor: null,
};

describe('task queues', () => {
  test('are by the class of the workspace, and by priority', () => {
    const of = (workspaceId: string, priority: number) =>
      taskQueueOf(naming, { workspaceId, priority });
    expect([of('ws01', 0), of('ws01', 60), of('ws02', 0), of('ws02', 1)]).toEqual([
      'box-large-normal',
      'box-large-high',
      'box-default-normal',
      'box-default-high',
    ]);
  });

  test('of a process are all, or those of the classes that it works for', () => {
    const all = ['default-high', 'default-normal', 'large-high', 'large-normal'];
    expect(ownTaskQueues(naming)).toEqual(all.map((name) => `box-${name}`));
    expect(ownTaskQueues({ ...naming, workFor: ['large'] })).toEqual([
      'box-large-high',
      'box-large-normal',
    ]);
  });
});
