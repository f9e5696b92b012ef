import { useState } from 'react';
import type { Run } from '../api/types.ts';
import { StepDetail } from './StepDetail.tsx';
import type { Trace } from './use-run-trace.ts';
import { Waterfall } from './Waterfall.tsx';

/** The steps of a run below each other, and below them the one that is chosen. */
export function Steps({ run, trace }: { readonly run: Run; readonly trace: Trace }) {
  const { steps = [], speaking } = trace;
  const [selectedId, setSelected] = useState<string | null>(null);
  const selected = steps.find(({ step_id }) => step_id === selectedId) ?? null;
  return (
    <>
      <Waterfall
        run={run}
        steps={steps}
        speaking={speaking}
        selected={selected}
        onSelect={(step) => setSelected(step.step_id)}
      />
      {selected && (
        <div className="border-t border-line">
          <StepDetail key={selected.step_id} run={run} steps={steps} step={selected} />
        </div>
      )}
    </>
  );
}
