import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classes } from './classes.ts';

const box =
  'w-full rounded-md border border-line bg-surface px-2.5 text-[13px] text-ink placeholder:text-faint hover:border-strong aria-invalid:border-bad';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | null | undefined;
  readonly hideLabel?: boolean;
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': true | undefined;
  }) => ReactNode;
}

/** A label, its control, what to know about it and what is wrong with it. */
export function Field({ label, hint, problem, hideLabel = false, children }: FieldProps) {
  const id = useId();
  const about = problem || hint ? `${id}-about` : undefined;
  return (
    <div className="min-w-0">
      <label
        htmlFor={id}
        className={hideLabel ? 'sr-only' : 'mb-1 block text-xs font-medium text-muted'}
      >
        {label}
      </label>
      {children({ id, 'aria-describedby': about, 'aria-invalid': problem ? true : undefined })}
      {about !== undefined && (
        <p id={about} className={classes('mt-1 text-xs', problem ? 'text-bad' : 'text-faint')}>
          {problem || hint}
        </p>
      )}
    </div>
  );
}

type Common = Omit<FieldProps, 'children'>;

export function TextField(props: Common & InputHTMLAttributes<HTMLInputElement>) {
  const { label, hint, problem, hideLabel, className, ...input } = props;
  return (
    <Field {...{ label, hint, problem, hideLabel: hideLabel ?? false }}>
      {(ids) => <input {...ids} {...input} className={classes(box, 'h-8', className)} />}
    </Field>
  );
}

export function TextArea(props: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const { label, hint, problem, hideLabel, className, ...input } = props;
  return (
    <Field {...{ label, hint, problem, hideLabel: hideLabel ?? false }}>
      {(ids) => (
        <textarea
          {...ids}
          {...input}
          className={classes(box, 'py-1.5 leading-normal', className)}
        />
      )}
    </Field>
  );
}

export function Select(
  props: Common &
    SelectHTMLAttributes<HTMLSelectElement> & {
      readonly options: readonly (readonly [value: string, label: string])[];
    },
) {
  const { label, hint, problem, hideLabel, className, options, ...select } = props;
  return (
    <Field {...{ label, hint, problem, hideLabel: hideLabel ?? false }}>
      {(ids) => (
        <select {...ids} {...select} className={classes(box, 'h-8 pr-1', className)}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check(
  props: { readonly label: string; readonly hint?: string } & InputHTMLAttributes<HTMLInputElement>,
) {
  const { label, hint, ...input } = props;
  return (
    <label className="flex items-start gap-2 text-[13px]">
      <input type="checkbox" {...input} className="mt-0.5 size-4 shrink-0 accent-(--ink)" />
      <span>
        {label}
        {hint && <span className="block text-xs text-faint">{hint}</span>}
      </span>
    </label>
  );
}
