import type { TestRun } from '../api/types.ts';
import { Lamp, type Tone } from '../ui/Badge.tsx';
import { classes } from '../ui/classes.ts';
import { money } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';
import type { Chosen } from './ResultsCard.tsx';
import { nameOfVariant, sayInterval, sayRate } from './test-status.ts';

type Cell = TestRun['cases'][number]['variants'][number];

/** A row for each case, a column for each version and model; a cell opens its runs. */
export function TestMatrix(props: {
  readonly run: TestRun;
  readonly chosen: Chosen | null;
  readonly onChoose: (chosen: Chosen) => void;
}) {
  const { run, chosen, onChoose } = props;
  return (
    <Card>
      <div className="overflow-x-auto">
        <table className="w-full text-[13px]">
          <thead>
            <tr className="border-b border-line text-left align-bottom text-xs text-muted [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
              <th scope="col">Case</th>
              {run.variants.map((variant) => (
                <th scope="col" key={nameOfVariant(variant)}>
                  <span className="text-[13px] text-ink">{nameOfVariant(variant)}</span>
                  <span className="mt-0.5 block font-normal">
                    {sayRate(variant)}
                    {sayInterval(variant) && ` (${sayInterval(variant)})`} ·{' '}
                    {money(variant.cost_usd)}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {run.cases.map((each) => (
              <tr key={each.case_id} className="border-b border-line/70 last:border-b-0">
                <th scope="row" className="min-w-40 px-4 py-2 text-left font-medium">
                  {each.name}
                </th>
                {each.variants.map((cell, index) => {
                  const variant = run.variants[index];
                  if (variant === undefined) return null;
                  const { version, model } = variant;
                  const isChosen =
                    chosen?.caseId === each.case_id &&
                    chosen.version === version &&
                    chosen.model === model;
                  return (
                    <td key={nameOfVariant(variant)} className="p-1">
                      <button
                        type="button"
                        aria-pressed={isChosen}
                        onClick={() => onChoose({ caseId: each.case_id, version, model })}
                        className={classes(
                          'w-full min-w-36 rounded-md border px-3 py-1.5 text-left hover:bg-sunken',
                          isChosen ? 'border-strong bg-sunken' : 'border-transparent',
                        )}
                      >
                        <Lamp tone={toneOf(cell, each.min_pass_rate)}>
                          {cell.runs_passed} of {cell.runs} passed
                        </Lamp>
                        <span className="block text-xs text-muted">
                          {sayRate(cell)}
                          {cell.runs > 1 && sayInterval(cell) && ` (${sayInterval(cell)})`}
                        </span>
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        In brackets: where the true pass rate is, with 95 % certainty, as far as so many runs can
        tell.
      </p>
    </Card>
  );
}

function toneOf(cell: Cell, minPassRate: number): Tone {
  if (cell.runs_ended < cell.runs) return cell.runs_ended === 0 ? 'plain' : 'live';
  return (cell.pass_rate ?? 0) >= minPassRate ? 'good' : 'bad';
}
