import type { AgentDefinition } from '../core/agent.ts';
import { newId } from '../core/ids.ts';
import { type JournalContent, type JournalEntry, stepId } from '../core/journal.ts';
import type { ModelMessage, ModelToolSpec } from '../core/model.ts';
import type { ModelFile } from '../core/model-files.ts';
import type { Run, RunOutcome, RunTotals } from '../core/run.ts';
import type { RunContext } from '../core/run-context.ts';
import type { HeldRun } from '../store/child-runs.ts';
import type { JournalUnit, NewEntry } from '../store/journal-unit.ts';
import type { CommitOutcome, JournalWriter } from '../store/journal-writer.ts';
import type { ReplyVerdict } from '../store/replies.ts';
import { readOutputName } from '../tools/read-output.ts';
import type { AgentTool } from '../tools/tool.ts';
import type { Approvals } from './approvals-port.ts';
import type { ChildRuns } from './child-runs-port.ts';
import type { ImagesOfRun } from './conversation-prompt.ts';
import { finishToolSpec } from './finish.ts';
import { toolsAllowedBy, type WhyNotAllowed } from './loaded-skills.ts';
import { openingMessages } from './prompt.ts';
import type { Replies } from './replies-port.ts';
import { contextIn } from './run-context.ts';
import type { Spills } from './spill.ts';
import { bringsOutside, hasReadOutside, whyNotUntrusted } from './untrusted.ts';

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
  readonly spills: Spills;
  readonly children: ChildRuns;
  readonly approvals: Approvals;
  readonly replies: Replies;
  readonly opening: readonly ModelMessage[];
  /** What the run is given and its journal does not say yet: it is committed before anything else. */
  readonly #context: RunContext | null;
  #newContext: RunContext | null;
  /** Entries up to here were written by an earlier owner: calls that they left open were in flight (I5). */
  readonly inheritedSeq: number;
  /** Of steps, by `seq`: read once. */
  readonly files = new Map<number, readonly ModelFile[]>();
  readonly #tools: readonly AgentTool[];
  #offer: Offer;
  #run: Run;
  readonly #entries: JournalEntry[];
  readonly #writer: Pick<JournalWriter, 'submit'>;
  #tail: Promise<unknown> = Promise.resolve();
  #lost = false;

  constructor(given: {
    readonly run: Run;
    readonly entries: readonly JournalEntry[];
    readonly definition: AgentDefinition;
    readonly context: RunContext | null;
    /** Absent: none. */
    readonly images?: ImagesOfRun;
    readonly tools: readonly AgentTool[];
    readonly writer: Pick<JournalWriter, 'submit'>;
    readonly spills: Spills;
    readonly children: ChildRuns;
    readonly approvals: Approvals;
    readonly replies: Replies;
  }) {
    this.#run = given.run;
    this.#entries = [...given.entries];
    this.#writer = given.writer;
    this.definition = given.definition;
    this.#tools = given.tools;
    this.spills = given.spills;
    this.children = given.children;
    this.approvals = given.approvals;
    this.replies = given.replies;
    this.opening = openingMessages(given.definition, given.run, given.context, given.images);
    const kept = contextIn(given.entries);
    this.#context = kept ?? given.context;
    this.#newContext = kept === null ? given.context : null;
    this.inheritedSeq = given.run.lastSeq;
    this.#offer = this.#offered();
  }

  get run(): Run {
    return this.#run;
  }

  /** The run as its owner holds it, for statements that check that (I3). */
  get held(): HeldRun {
    const { id, owner, epoch } = this.#run;
    return { id, owner: owner ?? '', epoch };
  }

  /** What may be called now. */
  get tools(): ReadonlyMap<string, AgentTool> {
    return this.#offer.tools;
  }

  get toolSpecs(): readonly ModelToolSpec[] {
    return this.#offer.specs;
  }

  /** Why a tool of this run cannot be called now, in words for the model; null when it can. */
  whyNotAllowed(toolName: string): string | null {
    return this.#offer.whyNotAllowed(toolName);
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** What it was given, while its journal does not say so yet; null from then on. */
  get newContext(): RunContext | null {
    return this.#newContext;
  }

  get nextSeq(): number {
    return this.#run.lastSeq + 1;
  }

  /** Commits the entries, and the end of the run with them if there is an outcome. Throws `RunLost`. */
  async commit(additions: readonly Addition[], outcome: RunOutcome | null = null): Promise<void> {
    const next =
      outcome === null ? ({ kind: 'continue' } as const) : { kind: 'end' as const, outcome };
    await this.#inTurn(additions, next);
  }

  /**
   * Commits the entries and gives the run up for that long (null: until `wakeRun`). It is not this
   * process's any more then, and costs no memory; whoever has room goes on with it. Throws `RunLost`.
   */
  async wait(additions: readonly Addition[], forMs: number | null): Promise<void> {
    const kind = 'wait';
    await this.#inTurn(additions, forMs === null ? { kind, until: null } : { kind, forMs });
    this.#lost = true;
  }

  /**
   * Ends the run with its reply as a message of the conversation, or without, in one commit. Throws `RunLost`, and
   * the signal's reason, after which only the database knows what became of it.
   */
  async deliver(reply: Reply, signal: AbortSignal): Promise<void> {
    const turn = this.#tail.then(() => this.#deliverNow(reply, signal));
    this.#tail = turn.catch(() => undefined);
    await turn;
  }

  async #deliverNow(reply: Reply, signal: AbortSignal): Promise<void> {
    if (this.#lost) throw new RunLost();
    const unitId = newId('unit');
    const unitFor = (verdict: ReplyVerdict, messageId: string) => {
      const { additions, outcome } = reply.endOf(verdict, messageId);
      return this.#unitOf([...additions, endEntry(outcome)], { kind: 'end', outcome }, unitId);
    };
    const { conversationId, readRev, body, marksAsDone } = reply;
    const runId = this.#run.id;
    const idempotencyKey = stepId(runId, reply.step);
    const { verdict, messageId } = await this.replies.commit(
      { conversationId, readRev, body, marksAsDone, runId, unitFor, idempotencyKey },
      signal,
    );
    if (verdict === 'lost') {
      this.#lost = true;
      throw new RunLost();
    }
    this.#noteCommitted(unitFor(verdict, messageId));
  }

  /** What the database has counted of runs that this one asked for. */
  noteChildrenUsed(childrenUsed: RunTotals): void {
    this.#run = { ...this.#run, childrenUsed };
  }

  async #inTurn(additions: readonly Addition[], next: JournalUnit['next']): Promise<void> {
    const turn = this.#tail.then(() => this.#commitNow(additions, next));
    this.#tail = turn.catch(() => undefined);
    await turn;
  }

  async #commitNow(additions: readonly Addition[], next: JournalUnit['next']): Promise<void> {
    if (this.#lost) throw new RunLost();
    const outcome = next.kind === 'end' ? next.outcome : null;
    const all = outcome === null ? additions : [...additions, endEntry(outcome)];
    const unit = this.#unitOf(all, next, newId('unit'));
    const result: CommitOutcome = await this.#writer.submit(unit);
    if (result === 'lost') {
      this.#lost = true;
      throw new RunLost();
    }
    this.#noteCommitted(unit);
  }

  #unitOf(additions: readonly Addition[], next: JournalUnit['next'], unitId: string): JournalUnit {
    const entries = this.#number(additions);
    return {
      runId: this.#run.id,
      owner: this.#run.owner ?? '',
      epoch: this.#run.epoch,
      unitId,
      entries,
      totals: this.#totalsWith(entries),
      next,
    };
  }

  #noteCommitted({ entries, totals, next }: JournalUnit): void {
    const now = new Date();
    for (const entry of entries) this.#entries.push({ ...entry, createdAt: now });
    if (this.#newContext !== null && contextIn(this.#entries) !== null) this.#newContext = null;
    const heedsTrust = this.definition.tools_when_untrusted !== null;
    if (entries.some((entry) => changesOffer(entry) || (heedsTrust && bringsOutside(entry)))) {
      this.#offer = this.#offered();
    }
    this.#run = {
      ...this.#run,
      ...totals,
      ...(next.kind === 'end' ? next.outcome : {}),
      crashes: 0,
      lostAttempts: 0,
      strikes: 0,
      lastSeq: entries.at(-1)?.seq ?? this.#run.lastSeq,
    };
  }

  /**
   * There is something to read on in only once an output was spilled. What loaded skills do not allow stays
   * known, since calls of it may be open, and is not offered.
   */
  #offered(): Offer {
    const hasSpills = this.#entries.some(isSpilled);
    const tools = this.#tools.filter((tool) => hasSpills || tool.name !== readOutputName);
    const bySkills = toolsAllowedBy(this.#entries);
    const byTrust = this.#limitedByTrust();
    const whyNotAllowed = (name: string) => bySkills?.(name) ?? byTrust?.(name) ?? null;
    const allowed = tools.filter((tool) => whyNotAllowed(tool.name) === null);
    return {
      whyNotAllowed,
      tools: new Map(tools.map((tool) => [tool.name, tool])),
      specs: [...allowed, finishToolSpec(this.definition)].map(
        ({ name, description, inputSchema }) => ({ name, description, inputSchema }),
      ),
    };
  }

  #limitedByTrust(): WhyNotAllowed | null {
    const named = this.definition.tools_when_untrusted;
    if (named === null) return null;
    const given = { run: this.#run, context: this.#context, entries: this.#entries };
    const isOutside = hasReadOutside(given);
    return isOutside ? whyNotUntrusted(named, this.#tools) : null;
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
      if (entry.type !== 'model' && entry.type !== 'guardrail') continue;
      if (entry.state === 'started' || entry.state === 'cancelled') continue;
      if (entry.state !== 'lost') {
        // Attempts that broke off are paid for as far as they came.
        for (const { usage, costUsd: attemptCost = null } of entry.data.failedAttempts) {
          if (usage === undefined) continue;
          inputTokens += usage.inputTokens;
          outputTokens += usage.outputTokens;
          costUsd = costUsd === null || attemptCost === null ? null : costUsd + attemptCost;
        }
      }
      if (entry.state === 'failed') continue;
      const cost = entry.state === 'done' ? entry.data.costUsd : entry.data.estimatedCostUsd;
      inputTokens +=
        entry.state === 'done' ? entry.data.usage.inputTokens : entry.data.estimatedInputTokens;
      outputTokens += entry.state === 'done' ? entry.data.usage.outputTokens : 0;
      costUsd = costUsd === null || cost === null ? null : costUsd + cost;
    }
    return { inputTokens, outputTokens, costUsd };
  }
}

/** A reply to be delivered, and how the run ends with each verdict on it. */
interface Reply {
  readonly step: number;
  readonly conversationId: string;
  readonly readRev: number;
  readonly body: string;
  readonly marksAsDone: boolean;
  readonly endOf: (
    verdict: ReplyVerdict,
    messageId: string,
  ) => { readonly additions: readonly Addition[]; readonly outcome: RunOutcome };
}

interface Offer {
  readonly whyNotAllowed: WhyNotAllowed;
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly specs: readonly ModelToolSpec[];
}

function changesOffer(entry: JournalContent): boolean {
  const hasSkill =
    entry.type === 'tool' && entry.state === 'done' && entry.data.skill !== undefined;
  return hasSkill || isSpilled(entry);
}

function isSpilled(entry: JournalContent): boolean {
  return (
    (entry.type === 'tool' || entry.type === 'model') &&
    entry.state === 'done' &&
    entry.data.spilled !== undefined
  );
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
