import type { Step } from '../api/types.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { LongText } from '../ui/LongText.tsx';

/** What the tools printed, in order. */
export function LogsView({ steps }: { readonly steps: readonly Step[] }) {
  const withLogs = steps.filter(({ logs }) => logs);
  if (withLogs.length === 0) {
    return (
      <p className="px-4 py-8 text-center text-muted">No tool has printed anything in this run.</p>
    );
  }
  const all = () =>
    withLogs.map((step) => `# ${step.name} ${step.started_at}\n${step.logs}`).join('\n');
  return (
    <div className="p-4">
      <div className="flex justify-end">
        <CopyButton text={all} label="Copy all logs" />
      </div>
      {withLogs.map((step) => (
        <section key={step.step_id} className="mb-3">
          <h3 className="mb-1 text-xs text-muted">
            <span className="font-medium text-ink">{step.name}</span>{' '}
            <time dateTime={step.started_at}>{step.started_at.slice(11, 23)}</time>
          </h3>
          <pre className="whitespace-pre-wrap break-words rounded-md bg-sunken px-2.5 py-2 font-mono text-xs">
            <LongText text={step.logs ?? ''} />
          </pre>
        </section>
      ))}
    </div>
  );
}
