import { Link } from '@tanstack/react-router';
import { GitFork } from 'lucide-react';
import { useState } from 'react';
import type { Run, Step } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { duration, fullTime, money, tokens } from '../ui/format.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { Logs } from '../ui/Logs.tsx';
import { LongText } from '../ui/LongText.tsx';
import { SafeText } from '../ui/SafeText.tsx';
import { Conversation } from './Conversation.tsx';
import { ForkDialog } from './ForkDialog.tsx';
import { LargeOutput } from './LargeOutput.tsx';
import { StepFiles } from './StepFiles.tsx';
import { modelOutput, spillOf } from './step-output.ts';

interface DetailProps {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly step: Step;
}

/** One step: what went in, what came out, and how it went. */
export function StepDetail({ run, steps, step }: DetailProps) {
  const [forking, setForking] = useState(false);
  const readOnly = useWhyNot('run', 'write');
  return (
    <section aria-label={`Step ${step.name}`} className="space-y-3 p-4">
      <header className="flex flex-wrap items-center gap-2">
        <h3 className="min-w-0 grow truncate font-semibold">{step.name || step.type}</h3>
        <Button
          icon={<GitFork size={14} aria-hidden />}
          why={readOnly ?? (step.status === 'running' ? 'It has not ended yet.' : null)}
          onClick={() => setForking(true)}
        >
          Fork from here
        </Button>
      </header>
      <Facts step={step} />
      {step.child_run_id && (
        <p className="text-[13px]">
          It asked another agent:{' '}
          <Link
            to="/runs/$runId"
            params={{ runId: step.child_run_id }}
            className="text-accent underline"
          >
            open that run
          </Link>
        </p>
      )}
      {step.error && (
        <p className="whitespace-pre-wrap break-words rounded-md border border-bad/40 bg-bad/8 px-3 py-2 font-mono text-xs text-bad">
          <LongText text={step.error} />
        </p>
      )}
      {step.type === 'model' ? (
        <>
          <ModelInput key={step.step_id} run={run} steps={steps} step={step} />
          <ModelStep run={run} step={step} />
        </>
      ) : (
        <OtherStep run={run} step={step} />
      )}
      {forking && (
        <ForkDialog run={run} steps={steps} from={step} onClose={() => setForking(false)} />
      )}
    </section>
  );
}

function Facts({ step }: { readonly step: Step }) {
  const used = step.token_usage;
  const facts: readonly (readonly [string, string])[] = [
    ['Status', step.status],
    ['Began', fullTime(step.started_at)],
    ['Took', duration(step.duration_ms)],
    ...(used ? [['Tokens', `${tokens(used.input)} → ${tokens(used.output)}`] as const] : []),
    ...(step.type === 'model' ? [['Cost', money(step.cost)] as const] : []),
    ...(step.attempts > 1 ? [['Attempts', String(step.attempts)] as const] : []),
    ...(step.tool_version !== null ? [['Tool version', String(step.tool_version)] as const] : []),
  ];
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
      {facts.map(([name, value]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-faint">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** All that the model was told before it answered, read when somebody wants it. */
function ModelInput({ run, steps, step }: DetailProps) {
  const [open, setOpen] = useState(false);
  const before = steps.slice(0, steps.indexOf(step));
  return (
    <details
      className="rounded-md border border-line"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="px-2.5 py-1.5 text-xs font-medium text-muted">
        Input: the conversation so far
      </summary>
      {open && <Conversation run={run} steps={before} speaking="" />}
    </details>
  );
}

function ModelStep({ run, step }: { readonly run: Run; readonly step: Step }) {
  const output = modelOutput(step);
  const spill = spillOf(step.output);
  if (output === null) return null;
  return (
    <>
      {output.reasoning && (
        <details>
          <summary className="text-xs font-medium text-muted">Reasoning</summary>
          <div className="mt-1 text-muted">
            <SafeText text={output.reasoning} />
          </div>
        </details>
      )}
      {output.text && (
        <div>
          <h4 className="mb-1 text-xs font-medium text-muted">Said</h4>
          <SafeText text={output.text} />
        </div>
      )}
      {spill && <LargeOutput run={run} spill={spill} />}
      {output.toolCalls.map((call) => (
        <JsonView key={call.id} value={call.arguments} label={`Calls ${call.name}`} />
      ))}
      {output.nudge && (
        <p className="text-xs text-muted">
          <Badge>then told</Badge> {output.nudge}
        </p>
      )}
    </>
  );
}

function OtherStep({ run, step }: { readonly run: Run; readonly step: Step }) {
  const spill = spillOf(step.output);
  return (
    <>
      {step.input !== null && <JsonView value={step.input} label="Input" />}
      {spill ? (
        <LargeOutput run={run} spill={spill} />
      ) : (
        step.output !== null && <JsonView value={step.output} label="Output" />
      )}
      <StepFiles run={run} step={step} />
      {step.logs && <Logs text={step.logs} heading="h4" />}
      {step.connections && step.connections.length > 0 && (
        <JsonView value={step.connections} label="Connections" />
      )}
    </>
  );
}
