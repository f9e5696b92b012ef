import type { Run, Step } from '../api/types.ts';
import { isEnded } from '../runs/status.ts';
import { duration, money, tokens } from '../ui/format.ts';
import { Tip } from '../ui/Tip.tsx';
import { useNow } from '../ui/use-now.ts';
import { latencyOf } from './latency.ts';
import { usedSoFar } from './used-so-far.ts';

const parts = [
  ['model', 'Model', 'bg-model'],
  ['tool', 'Tools', 'bg-tool'],
  ['waiting', 'Waiting', 'bg-warn'],
  ['overhead', 'Overhead', 'bg-strong'],
] as const;

/** What the run took: time and where it went, tokens, money. */
export function RunFigures({ run, steps }: { readonly run: Run; readonly steps: readonly Step[] }) {
  const nowMs = useNow(isEnded(run) ? null : 500);
  const from = Date.parse(run.created_at);
  const to = run.completed_at === null ? Math.max(from, nowMs) : Date.parse(run.completed_at);
  const latency = latencyOf(steps, [from, to]);
  const share = (ms: number) => (latency.total === 0 ? 0 : (100 * ms) / latency.total);
  const { cost, used } = isEnded(run)
    ? { cost: run.total_cost, used: run.token_usage }
    : usedSoFar(steps);
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-[auto_auto_auto_minmax(0,1fr)]">
      <Figure label="Took" value={duration(latency.total)} />
      <Figure label="Cost" value={isEnded(run) || cost ? money(cost) : '–'} />
      <Figure
        label="Tokens"
        value={used === null ? '–' : `${tokens(used.input)} → ${tokens(used.output)}`}
      />
      <div className="min-w-0 bg-surface px-4 py-2.5">
        <dt className="text-xs text-muted">Where the time went</dt>
        <dd className="mt-2">
          <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-sunken">
            {parts.map(([key, , look]) => (
              <div key={key} className={look} style={{ width: `${share(latency[key])}%` }} />
            ))}
          </div>
          <ul className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-muted">
            {parts
              .filter(([key]) => key !== 'waiting' || latency.waiting > 0)
              .map(([key, label, look]) => (
                <li key={key} className="flex items-center gap-1 whitespace-nowrap">
                  <span aria-hidden className={`size-2 rounded-full ${look}`} />
                  {key === 'overhead' ? (
                    <Tip text="Queue, journal and scheduling: all that is neither a model nor a tool.">
                      <span>{label}</span>
                    </Tip>
                  ) : (
                    label
                  )}{' '}
                  {duration(latency[key])}
                </li>
              ))}
          </ul>
        </dd>
      </div>
    </dl>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="bg-surface px-4 py-2.5 sm:min-w-28">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="mt-0.5 whitespace-nowrap text-lg font-semibold tracking-tight">{value}</dd>
    </div>
  );
}
