import { Link } from '@tanstack/react-router';
import type { TestRunRow } from '../api/types.ts';
import { Lamp } from '../ui/Badge.tsx';
import { money } from '../ui/format.ts';
import { Time } from '../ui/Time.tsx';
import { nameOfVariant, outcomeOf, sayInterval, sayRate } from './test-status.ts';

export function TestRunLine({
  run,
  agentName = 'a deleted agent',
}: {
  readonly run: TestRunRow;
  readonly agentName: string | undefined;
}) {
  const [tone, word] = outcomeOf(run);
  return (
    <li>
      <Link
        to="/tests/$testRunId"
        params={{ testRunId: run.id }}
        className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[13px] hover:bg-sunken"
      >
        <span className="w-24 font-medium">
          <Lamp tone={tone}>{word}</Lamp>
        </span>
        <span className="min-w-0 grow basis-48">
          <span className="font-medium">{agentName}</span>{' '}
          <span className="text-xs text-muted">
            <Time at={run.created_at} />
          </span>
          <span className="block text-xs text-muted">
            {run.variants
              .map((variant) => `${nameOfVariant(variant)}: ${sayRate(variant)}`)
              .join(' · ')}
          </span>
        </span>
        <span className="whitespace-nowrap text-muted" title={sayInterval(run)}>
          {run.runs_passed} of {run.runs}
        </span>
        <span className="text-muted">{money(run.cost_usd)}</span>
      </Link>
    </li>
  );
}
