import { Link } from '@tanstack/react-router';
import type { TriggerEvent } from '../api/types.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';

export type Verdict = TriggerEvent['verdicts'][number];

const words: Readonly<Record<Verdict['verdict'], string>> = {
  ran: 'ran',
  not_matched: 'did not match',
  refused: 'was refused',
  skipped: 'was skipped',
};

const tones: Readonly<Record<Verdict['verdict'], Tone>> = {
  ran: 'good',
  not_matched: 'plain',
  refused: 'bad',
  skipped: 'warn',
};

/** What an event came to for one agent, and what of it was compared with what. */
export function OneVerdict({ verdict }: { readonly verdict: Verdict }) {
  const { agent_name: agent, trigger_name: trigger, detail, comparisons } = verdict;
  return (
    <div className="rounded-md border border-line px-3 py-2 text-[13px]">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{agent}</span>
        {trigger && <span className="text-muted">{trigger}</span>}
        <Badge tone={tones[verdict.verdict]}>{words[verdict.verdict]}</Badge>
        {verdict.run && (
          <Link
            to="/runs/$agentId/$runId"
            params={{ agentId: verdict.agent_id, runId: verdict.run.id }}
            className="ml-auto text-accent underline"
          >
            its run
          </Link>
        )}
      </p>
      {detail && <p className="mt-1 text-muted">{detail}</p>}
      {comparisons.length > 0 && (
        <ul className="mt-1 space-y-0.5 font-mono text-xs">
          {comparisons.map(({ field, op, expected, actual, matched }) => (
            <li
              key={`${field}${op}${JSON.stringify(expected)}`}
              className={matched ? 'text-good' : 'text-bad'}
            >
              {matched ? '✓' : '✗'} {field} {op} {JSON.stringify(expected)}
              <span className="text-muted">
                {' '}
                — it was {actual === undefined ? 'absent' : JSON.stringify(actual)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
