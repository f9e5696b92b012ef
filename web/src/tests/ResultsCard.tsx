import { Link } from '@tanstack/react-router';
import type { TestResult } from '../api/types.ts';
import { Badge, Lamp } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { money } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { nameOfVariant, resultTones } from './test-status.ts';

/** A cell of the matrix. */
export interface Chosen {
  readonly caseId: string;
  readonly version: number;
  readonly model: string | null;
}

/** Single runs with a verdict on every expectation; those that did not pass first. */
export function ResultsCard(props: {
  readonly agentId: string;
  readonly results: readonly TestResult[] | undefined;
  readonly error: unknown;
  readonly chosen: Chosen | null;
  readonly onAll: () => void;
}) {
  const { agentId, results, error, chosen, onAll } = props;
  if (results === undefined) {
    return (
      <Card title="Runs">
        {error ? <Failed error={error} /> : <Loading label="Loading results" />}
      </Card>
    );
  }
  const shown = results
    .filter(
      ({ case_id, version, model }) =>
        chosen === null ||
        (case_id === chosen.caseId && version === chosen.version && model === chosen.model),
    )
    .toSorted((a, b) => Number(a.status === 'passed') - Number(b.status === 'passed'));
  return (
    <Card
      title={chosen === null ? 'Every run' : `${shown[0]?.case_name}, ${nameOfVariant(chosen)}`}
      actions={
        chosen !== null && (
          <Button small onClick={onAll}>
            Show all
          </Button>
        )
      }
    >
      <ul className="divide-y divide-line/70">
        {shown.slice(0, 200).map((result) => (
          <Result key={result.id} agentId={agentId} result={result} withCase={chosen === null} />
        ))}
      </ul>
      {shown.length > 200 && (
        <p className="px-4 py-2 text-xs text-faint">
          And {shown.length - 200} more: choose a case above.
        </p>
      )}
    </Card>
  );
}

function Result(props: {
  readonly agentId: string;
  readonly result: TestResult;
  readonly withCase: boolean;
}) {
  const { agentId, result, withCase } = props;
  return (
    <li className="px-4 py-2.5 text-[13px]">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">
          <Lamp tone={resultTones[result.status]}>{result.status}</Lamp>
        </span>
        <span className="min-w-0 grow text-muted">
          {withCase && <span className="text-ink">{result.case_name}, </span>}
          {nameOfVariant(result)}, run {result.repeat}
        </span>
        {result.cost_usd !== null && <span className="text-muted">{money(result.cost_usd)}</span>}
        {result.run_id && (
          <Link
            to="/runs/$agentId/$runId"
            params={{ agentId, runId: result.run_id }}
            className="text-accent underline"
          >
            Open the run
          </Link>
        )}
      </div>
      {result.reason && <p className="mt-1 text-muted">{result.reason}</p>}
      {result.verdicts !== null && result.verdicts.length > 0 && (
        <ul className="mt-1.5 space-y-1">
          {result.verdicts.map((verdict) => (
            <li
              key={`${verdict.kind}${verdict.expected}`}
              className="flex flex-wrap items-baseline gap-x-2"
            >
              <Badge tone={verdict.passed ? 'good' : 'bad'}>
                {verdict.passed ? 'met' : 'not met'}
              </Badge>
              <span className="min-w-0 break-words">
                {verdict.kind.replaceAll('_', ' ')}: {verdict.expected}
              </span>
              {verdict.detail && <span className="text-muted">{verdict.detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
