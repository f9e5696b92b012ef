import { CircleX } from 'lucide-react';
import type { Run } from '../api/types.ts';
import { outcomeOf } from '../runs/status.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { SafeText } from '../ui/SafeText.tsx';

/** What the run decided: its answer, reason and structured output, or why it failed. */
export function Outcome({ run }: { readonly run: Run }) {
  if (run.status === 'accepted' || run.status === 'running') return null;
  const { error, response, reflection, output, disposition_reason: reason } = run;
  return (
    <section
      aria-label="Outcome"
      className="space-y-3 rounded-lg border border-line bg-surface px-4 py-3"
    >
      {error !== null && (
        <p className="flex items-start gap-2 text-bad">
          <CircleX size={16} aria-hidden className="mt-0.5 shrink-0" />
          <span className="min-w-0 break-words">
            <span className="font-medium">{outcomeOf(run)}.</span> {error}
          </span>
        </p>
      )}
      {reason !== null && (
        <p className="text-muted">
          <span className="font-medium text-ink">Reason:</span> {reason}
        </p>
      )}
      {response && (
        <div className="max-w-3xl">
          <h2 className="mb-1 text-xs font-medium text-muted">Response</h2>
          <SafeText text={response} />
        </div>
      )}
      {reflection && (
        <details className="max-w-3xl">
          <summary className="text-xs font-medium text-muted">Reflection</summary>
          <div className="mt-1 text-muted">
            <SafeText text={reflection} />
          </div>
        </details>
      )}
      {output !== null && output !== undefined && <JsonView value={output} label="Output" />}
      {run.feedback.length > 0 && (
        <div className="max-w-3xl">
          <h2 className="mb-1 text-xs font-medium text-muted">Feedback</h2>
          <ul className="space-y-1">
            {run.feedback.map(({ given_by: who, rating, comment }) => (
              <li key={who ?? ''} className="whitespace-pre-wrap break-words">
                <span className="font-medium">{rating === 'good' ? 'Good' : 'Not good'}</span>
                {who === null ? '' : `, by the link for ${who}`}
                {comment === null ? '' : `: ${comment}`}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
