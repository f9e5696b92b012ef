import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '../../../client/api-error.ts';
import { Button } from './Button.tsx';

// What a page shows when there is nothing to show: not yet, not at all, or not for a reason.

export function Loading({ label = 'Loading' }: { readonly label?: string }) {
  return (
    <div role="status" aria-label={label} className="space-y-3 p-4">
      {[82, 64, 91, 47, 73].map((width) => (
        <div
          key={width}
          className="h-4 animate-pulse rounded bg-line"
          style={{ width: `${width}%` }}
        />
      ))}
    </div>
  );
}

export function Failed({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert" className="mx-auto flex max-w-lg flex-col items-start gap-2 px-4 py-10">
      <CircleAlert className="text-bad" aria-hidden />
      <h2 className="text-base font-semibold">This could not be shown</h2>
      <p className="break-words text-muted">{messageOf(error)}</p>
      {requestId && <p className="text-xs text-faint">Request {requestId}, as in the log.</p>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

export function Empty(props: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-14 text-center">
      <div className="text-faint">{props.icon}</div>
      <h2 className="text-base font-semibold">{props.title}</h2>
      <div className="text-muted">{props.children}</div>
      {props.action && <div className="mt-2">{props.action}</div>}
    </div>
  );
}

/** What went wrong, in the server's words where it had some. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something unexpected happened.';
}

export function Problem({ error }: { readonly error: unknown }) {
  if (!error) return null;
  return (
    <p
      role="alert"
      className="break-words rounded-md border border-bad/40 bg-bad/8 px-3 py-2 text-[13px] text-bad"
    >
      {messageOf(error)}
    </p>
  );
}
