import type { ReactNode } from 'react';
import { Check } from './Field.tsx';

/** Some of what there is to choose, a box for each; `className` lays the boxes out. */
export function Choices<T extends string | number>(props: {
  readonly legend: ReactNode;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[]) => void;
  readonly className: string;
}) {
  const { legend, options, chosen, onChange, className } = props;
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-muted">{legend}</legend>
      <div className={className}>
        {options.map(([value, label]) => (
          <Check
            key={value}
            label={label}
            checked={chosen.includes(value)}
            onChange={({ target: { checked } }) =>
              onChange(checked ? [...chosen, value] : chosen.filter((each) => each !== value))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
