import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronRight, Equal, EqualNot } from 'lucide-react';
import { useMemo, useState } from 'react';
import { runQuery, stepsQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { isEnded } from '../runs/status.ts';
import { classes } from '../ui/classes.ts';
import { duration, money, shortId, tokens } from '../ui/format.ts';
import { LineDiff } from '../ui/LineDiff.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { alignSteps, isSame, type StepPair } from './align-steps.ts';

const route = getRouteApi('/compare');

/** Two runs step by step: where they part, and what each took. */
export function ComparePage() {
  const { left = '', right = '', agent = '', other = agent } = route.useSearch();
  const one = useSide(other, left);
  const two = useSide(agent, right);
  const pairs = useMemo(
    () => (one.steps && two.steps ? alignSteps(one.steps, two.steps) : []),
    [one.steps, two.steps],
  );
  const parted = useMemo(() => pairs.findIndex((pair) => !isSame(pair)), [pairs]);
  const numbers = useMemo(
    () => new Map([one.steps ?? [], two.steps ?? []].flatMap(numbered)),
    [one.steps, two.steps],
  );
  const error = one.error ?? two.error;
  if (left === '' || right === '' || agent === '') {
    return (
      <Page title="Compare two runs">
        <Card>
          <Empty title="Two runs are needed">
            Open a run and choose “Compare” there: it offers the runs to compare with.
          </Empty>
        </Card>
      </Page>
    );
  }
  return (
    <Page title="Compare two runs">
      {error ? (
        <Card>
          <Failed error={error} />
        </Card>
      ) : !one.run || !two.run || !one.steps || !two.steps ? (
        <Card>
          <Loading label="Loading both runs" />
        </Card>
      ) : (
        <div className="space-y-3">
          <div className="grid grid-cols-2 gap-3">
            <Side run={one.run} name="Left" />
            <Side run={two.run} name="Right" />
          </div>
          <Card
            title={
              parted === -1
                ? 'Both did the same, step by step'
                : `They part at the ${ordinal(parted + 1)} step`
            }
          >
            <ol>
              {pairs.map((pair, index) => (
                <Pair
                  key={`${pair.left?.step_id}${pair.right?.step_id}`}
                  pair={pair}
                  numbers={numbers}
                  opened={index === parted}
                />
              ))}
            </ol>
          </Card>
          <Card title="What they answered">
            <div className="space-y-3 p-4">
              <LineDiff
                label="Response"
                before={one.run.response ?? ''}
                after={two.run.response ?? ''}
              />
              <LineDiff
                label="Output"
                before={pretty(one.run.output)}
                after={pretty(two.run.output)}
              />
            </div>
          </Card>
        </div>
      )}
    </Page>
  );
}

function useSide(agentId: string, runId: string) {
  const enabled = agentId !== '' && runId !== '';
  const run = useQuery({
    ...runQuery(agentId, runId),
    enabled,
    refetchInterval: ({ state }) => (state.data && !isEnded(state.data) ? 5_000 : false),
  });
  const isOpen = run.data !== undefined && !isEnded(run.data);
  const steps = useQuery({
    ...stepsQuery(agentId, runId),
    enabled,
    refetchInterval: isOpen ? 5_000 : false,
  });
  return { run: run.data, steps: steps.data, error: run.error ?? steps.error };
}

function Side({ run, name }: { readonly run: Run; readonly name: string }) {
  const used = run.token_usage;
  return (
    <section
      aria-label={name}
      className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3 text-[13px]"
    >
      <div className="flex flex-wrap items-center gap-x-3 font-medium">
        <RunStatus run={run} />
        <Link
          to="/runs/$agentId/$runId"
          params={{ agentId: run.agent_id, runId: run.id }}
          className="font-mono text-xs text-accent underline"
        >
          {shortId(run.id)}
        </Link>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-3 text-muted">
        <span>{run.model}</span>
        <span>version {run.agent_version}</span>
        <Time at={run.created_at} />
      </p>
      <p className="mt-1 flex flex-wrap gap-x-3">
        <span>{duration(run.duration_ms)}</span>
        <span>{money(run.total_cost)}</span>
        {used && <span>{`${tokens(used.input)} → ${tokens(used.output)} tokens`}</span>}
      </p>
    </section>
  );
}

/** As people count them: by their place in their run. */
function numbered(steps: readonly Step[]): [id: string, number: number][] {
  return steps.map(({ step_id }, index) => [step_id, index + 1]);
}

function Pair(props: {
  readonly pair: StepPair;
  readonly numbers: ReadonlyMap<string, number>;
  readonly opened: boolean;
}) {
  const { pair, numbers, opened } = props;
  const [open, setOpen] = useState(opened);
  const same = isSame(pair);
  return (
    <li className="border-b border-line [contain-intrinsic-size:auto_36px] [content-visibility:auto] last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)_1.25rem_minmax(0,1fr)] items-center gap-2 px-4 py-2 text-left text-[13px] hover:bg-sunken"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={classes('text-faint transition-transform', open && 'rotate-90')}
        />
        <StepName step={pair.left} numbers={numbers} />
        {same ? (
          <Equal size={14} className="text-faint" aria-label="the same" />
        ) : (
          <EqualNot size={14} className="text-warn" aria-label="different" />
        )}
        <StepName step={pair.right} numbers={numbers} />
      </button>
      {open && (
        <div className="space-y-3 px-4 pb-4 pt-1">
          <LineDiff
            label="Input"
            before={pretty(pair.left?.input)}
            after={pretty(pair.right?.input)}
          />
          <LineDiff label="Output" before={outputOf(pair.left)} after={outputOf(pair.right)} />
          {same && (
            <pre className="max-h-72 overflow-auto whitespace-pre-wrap break-words rounded-md bg-sunken p-2 font-mono text-xs">
              {outputOf(pair.left)}
            </pre>
          )}
        </div>
      )}
    </li>
  );
}

function StepName(props: {
  readonly step: Step | null;
  readonly numbers: ReadonlyMap<string, number>;
}) {
  const { step, numbers } = props;
  if (step === null) return <span className="text-faint">no such step</span>;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="text-faint">{numbers.get(step.step_id)}</span>
      <span className={classes('truncate', step.error && 'text-bad')}>
        {step.name || step.type}
      </span>
      {step.copied && (
        <span className="text-2xs text-faint">{step.edited ? 'edited' : 'copied'}</span>
      )}
      <span className="ml-auto whitespace-nowrap text-xs text-muted">
        {duration(step.duration_ms)}
      </span>
    </span>
  );
}

function outputOf(step: Step | null): string {
  if (step === null) return '';
  return step.error ?? pretty(step.output);
}

function pretty(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function ordinal(value: number): string {
  const suffix = { 1: 'st', 2: 'nd', 3: 'rd' }[value % 10] ?? 'th';
  return `${value}${value % 100 >= 11 && value % 100 <= 13 ? 'th' : suffix}`;
}
