import type { JournalContent } from '../../src/core/journal.ts';
import type { RunOutcome } from '../../src/core/run.ts';
import type { JournalUnit } from '../../src/store/journal-unit.ts';
import { commitUnits } from '../../src/store/journal-writer.ts';
import type { TestApi } from './api.ts';
import { modelEntry } from './runs.ts';

/** Owns the runs of a test API whose engine says so: `ownerForNewRun: () => testOwner`. */
export const testOwner = 'pr00000000000000000000000000test';

const resolved: RunOutcome = {
  status: 'completed',
  stopReason: 'completed',
  disposition: 'resolved',
  dispositionReason: 'answered_from_tools',
  response: 'Your reservation is confirmed.',
  reflection: 'The tool said so.',
  outputJson: '{"resolution":"confirmed"}',
  error: null,
};

/** Commits a run's steps one by one, as its owner would, and tells who watches. */
export class DrivenRun {
  readonly #api: TestApi;
  readonly #runId: string;
  #seq = 0;
  #toolStep = 0;

  constructor(api: TestApi, runId: string) {
    this.#api = api;
    this.#runId = runId;
  }

  async model(text: string): Promise<void> {
    await this.#commit([modelEntry(this.#seq + 1, text) as JournalContent], { kind: 'continue' });
  }

  async toolStarts(name: string, inputJson: string): Promise<void> {
    this.#toolStep = this.#seq + 1;
    const data = {
      callId: 'call_1',
      name,
      inputJson,
      toolId: null,
      toolVersion: 1,
      idempotent: false,
    };
    await this.#commit([{ type: 'tool', state: 'started', data }], { kind: 'continue' });
  }

  async toolEnds(name: string, inputJson: string, outputJson: string): Promise<void> {
    const data = {
      callId: 'call_1',
      name,
      inputJson,
      toolVersion: 1,
      outputJson,
      error: null,
      modelText: outputJson,
      logs: null,
      durationMs: 5,
      attempts: 1,
    };
    await this.#commit(
      [{ type: 'tool', state: 'done', data }],
      { kind: 'continue' },
      this.#toolStep,
    );
  }

  async ends(outcome: RunOutcome = resolved): Promise<void> {
    const { stopReason, disposition, response, error } = outcome;
    const state = outcome.status === 'completed' ? 'done' : outcome.status;
    const data = { stopReason, disposition, response, error };
    await this.#commit([{ type: 'end', state, data }], { kind: 'end', outcome });
  }

  async #commit(
    contents: JournalContent[],
    next: JournalUnit['next'],
    step?: number,
  ): Promise<void> {
    const entries = contents.map((content, index) => {
      const seq = this.#seq + 1 + index;
      return { ...content, seq, step: step ?? seq };
    });
    const [outcome] = await commitUnits(this.#api.deps.db, [
      {
        runId: this.#runId,
        owner: testOwner,
        epoch: 1,
        unitId: `${this.#runId}-${this.#seq}`,
        entries,
        totals: { inputTokens: 20, outputTokens: 5, costUsd: 0.0125 },
        next,
      },
    ]);
    if (outcome !== 'committed') throw new Error(`The run ${this.#runId} is not the test's own`);
    this.#seq += entries.length;
    this.#api.deps.commits.emit(this.#runId);
  }
}

/** A test API's engine whose new runs wait for a `DrivenRun`. */
export const drivenByTest = {
  ownerForNewRun: () => testOwner,
  notCreated: () => undefined,
  wake: () => undefined,
  stop: () => undefined,
};
