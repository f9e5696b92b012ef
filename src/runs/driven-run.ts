import type { AgentDefinition } from '../core/agent.ts';
import { newId } from '../core/ids.ts';
import type { JournalContent, JournalEntry } from '../core/journal.ts';
import type { ModelMessage, ModelToolSpec } from '../core/model.ts';
import type { Run, RunOutcome } from '../core/run.ts';
import type {
  CommitOutcome,
  JournalUnit,
  JournalWriter,
  NewEntry,
} from '../store/journal-writer.ts';
import type { AgentTool } from '../tools/tool.ts';
import { finishToolSpec } from './finish.ts';
import { openingMessages } from './prompt.ts';

/** What a commit adds: the step it belongs to is a new one unless it is named. */
export type Addition = JournalContent & { readonly step?: number };

/** Thrown inside a step when the run belongs to somebody else now: everything stops, nothing is written. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

/**
 * A run in the hands of its owner: its journal in memory, and the way to add to it. Commits of one run
 * follow one another (one unit in flight a run); after a lost one nothing is written any more (I3).
 */
export class DrivenRun {
  readonly definition: AgentDefinition;
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly toolSpecs: readonly ModelToolSpec[];
  readonly opening: readonly ModelMessage[];
  /** Entries up to here were written by an earlier owner: calls that they left open were in flight (I5). */
  readonly inheritedSeq: number;
  #run: Run;
  readonly #entries: JournalEntry[];
  readonly #writer: Pick<JournalWriter, 'submit'>;
  #tail: Promise<unknown> = Promise.resolve();
  #lost = false;

  constructor(given: {
    readonly run: Run;
    readonly entries: readonly JournalEntry[];
    readonly definition: AgentDefinition;
    readonly tools: readonly AgentTool[];
    readonly writer: Pick<JournalWriter, 'submit'>;
  }) {
    this.#run = given.run;
    this.#entries = [...given.entries];
    this.#writer = given.writer;
    this.definition = given.definition;
    this.tools = new Map(given.tools.map((tool) => [tool.name, tool]));
    this.toolSpecs = [...given.tools, finishToolSpec(given.definition)].map(
      ({ name, description, inputSchema }) => ({ name, description, inputSchema }),
    );
    this.opening = openingMessages(given.definition, given.run);
    this.inheritedSeq = given.run.lastSeq;
  }

  get run(): Run {
    return this.#run;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  get nextSeq(): number {
    return this.#run.lastSeq + 1;
  }

  /** Commits the entries, and the end of the run with them if there is an outcome. Throws `RunLost`. */
  async commit(additions: readonly Addition[], outcome: RunOutcome | null = null): Promise<void> {
    const turn = this.#tail.then(() => this.#commitNow(additions, outcome));
    this.#tail = turn.catch(() => undefined);
    await turn;
  }

  async #commitNow(additions: readonly Addition[], outcome: RunOutcome | null): Promise<void> {
    if (this.#lost) throw new RunLost();
    const entries = this.#number(outcome === null ? additions : [...additions, endEntry(outcome)]);
    const totals = this.#totalsWith(entries);
    const unit: JournalUnit = {
      runId: this.#run.id,
      owner: this.#run.owner ?? '',
      epoch: this.#run.epoch,
      unitId: newId('unit'),
      entries,
      totals,
      next: outcome === null ? { kind: 'continue' } : { kind: 'end', outcome },
    };
    const result: CommitOutcome = await this.#writer.submit(unit);
    if (result === 'lost') {
      this.#lost = true;
      throw new RunLost();
    }
    const now = new Date();
    for (const entry of entries) this.#entries.push({ ...entry, createdAt: now });
    this.#run = {
      ...this.#run,
      ...totals,
      ...(outcome ?? {}),
      crashes: 0,
      lastSeq: entries.at(-1)?.seq ?? this.#run.lastSeq,
    };
  }

  #number(additions: readonly Addition[]): NewEntry[] {
    return additions.map((addition, index) => {
      const seq = this.nextSeq + index;
      return { ...addition, seq, step: addition.step ?? seq };
    });
  }

  #totalsWith(entries: readonly NewEntry[]): JournalUnit['totals'] {
    let { inputTokens, outputTokens, costUsd } = this.#run;
    for (const entry of entries) {
      if (entry.type !== 'model' || entry.state === 'failed') continue;
      const cost = entry.state === 'done' ? entry.data.costUsd : entry.data.estimatedCostUsd;
      inputTokens +=
        entry.state === 'done' ? entry.data.usage.inputTokens : entry.data.estimatedInputTokens;
      outputTokens += entry.state === 'done' ? entry.data.usage.outputTokens : 0;
      costUsd = costUsd === null || cost === null ? null : costUsd + cost;
    }
    return { inputTokens, outputTokens, costUsd };
  }
}

function endEntry(outcome: RunOutcome): Addition {
  return {
    type: 'end',
    state: outcome.status === 'completed' ? 'done' : outcome.status,
    data: {
      stopReason: outcome.stopReason,
      disposition: outcome.disposition,
      response: outcome.response,
      error: outcome.error,
    },
  };
}
