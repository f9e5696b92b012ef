import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { versionQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { classes } from '../ui/classes.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { SafeText } from '../ui/SafeText.tsx';
import { LargeOutput } from './LargeOutput.tsx';
import { modelOutput, spillOf } from './step-output.ts';

const shownSteps = 200;

/** The run as the model lived it: what it was told, what it said, what its tools answered. */
export function Conversation(props: {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly speaking: string;
}) {
  const { run, steps, speaking } = props;
  const version = useQuery({ ...versionQuery(run.agent_id, run.agent_version), retry: false });
  const instructions = run.instructions ?? version.data?.instructions;
  const hidden = Math.max(0, steps.length - shownSteps);
  return (
    <div className="mx-auto max-w-3xl space-y-3 p-4">
      {instructions && (
        <Message
          who={
            run.instructions
              ? 'Instructions of this fork'
              : `Instructions, version ${run.agent_version}`
          }
        >
          <details>
            <summary className="line-clamp-2 text-muted">{instructions.slice(0, 160)}</summary>
            <div className="mt-2">
              <SafeText text={instructions} />
            </div>
            {version.data?.guardrails.map(({ id, title, knowledge }) => (
              <p key={id} className="mt-2">
                <span className="font-medium">{title}.</span> {knowledge}
              </p>
            ))}
          </details>
        </Message>
      )}
      <Message who="Event">
        <JsonView value={run.payload} label="Payload" />
      </Message>
      {hidden > 0 && (
        <p className="text-center text-xs text-faint">
          The first {hidden} steps are left out here; the trace has them all.
        </p>
      )}
      {steps.slice(hidden).map((step) => (
        <StepMessage key={step.step_id} run={run} step={step} />
      ))}
      {speaking !== '' && (
        <Message who="Model, answering" look="border-model/40">
          <p className="whitespace-pre-wrap break-words text-muted">{speaking}</p>
        </Message>
      )}
    </div>
  );
}

function StepMessage({ run, step }: { readonly run: Run; readonly step: Step }) {
  const spill = spillOf(step.output);
  if (step.type === 'model') {
    const output = modelOutput(step);
    return (
      <Message who={step.name} look="border-model/40">
        {step.error && <p className="text-bad">{step.error}</p>}
        {output?.text && <SafeText text={output.text} />}
        {spill && <LargeOutput run={run} spill={spill} />}
        {output?.toolCalls.map((call) => (
          <JsonView key={call.id} value={call.arguments} label={`Calls ${call.name}`} />
        ))}
        {output?.nudge && <p className="text-xs text-faint">Then told: {output.nudge}</p>}
      </Message>
    );
  }
  if (step.type !== 'tool') return null;
  return (
    <Message who={step.name} look="border-tool/40 ml-6">
      {step.error && <p className="whitespace-pre-wrap break-words text-bad">{step.error}</p>}
      {step.status === 'running' && <p className="text-muted">Still working …</p>}
      {spill ? (
        <LargeOutput run={run} spill={spill} />
      ) : (
        step.output !== null && <JsonView value={step.output} label={`Answer of ${step.name}`} />
      )}
    </Message>
  );
}

function Message(props: {
  readonly who: string;
  readonly look?: string;
  readonly children: ReactNode;
}) {
  return (
    <article
      className={classes('space-y-2 rounded-lg border px-3 py-2', props.look ?? 'border-line')}
    >
      <h3 className="text-xs font-medium text-muted">{props.who}</h3>
      {props.children}
    </article>
  );
}
