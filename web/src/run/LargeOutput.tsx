import { Download } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Run } from '../api/types.ts';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import { Scrolling } from '../ui/Scrolling.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import type { Spill } from './step-output.ts';

const partBytes = 65_536;
const saveBytes = 1_048_576;

/** An output over 64 KiB: read part by part, or saved whole. */
export function LargeOutput({ run, spill }: { readonly run: Run; readonly spill: Spill }) {
  const [parts, setParts] = useState<readonly string[]>([]);
  const [next, setNext] = useState<number | null>(0);
  const { busy, error, submit } = useSubmit();
  const read = (offset: number, limit: number) =>
    dataOf(
      v1.GET('/v1/agents/{id}/runs/{run_id}/outputs/{output_id}', {
        params: {
          path: { id: run.agent_id, run_id: run.id, output_id: spill.id },
          query: { offset, limit },
        },
      }),
    );
  const more = () =>
    submit(async () => {
      const part = await read(next ?? 0, partBytes);
      setParts((before) => [...before, part.text]);
      setNext(part.next_offset);
    });
  const save = () =>
    submit(async () => {
      const all: string[] = [];
      for (let offset: number | null = 0; offset !== null; ) {
        const part: Awaited<ReturnType<typeof read>> = await read(offset, saveBytes);
        all.push(part.text);
        offset = part.next_offset;
      }
      saveFile(new Blob(all, { type: 'text/plain' }), `${spill.id}.txt`);
    });
  return (
    <section aria-label="Large output" className="min-w-0 rounded-md border border-line bg-sunken">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-2.5 py-1">
        <h4 className="grow text-xs font-medium text-muted">Output, {bytes(spill.sizeBytes)}</h4>
        {next !== null && (
          <Button small busy={busy} onClick={more}>
            {parts.length === 0 ? 'Show its beginning' : 'Show more'}
          </Button>
        )}
        <Button small busy={busy} onClick={save} icon={<Download size={13} aria-hidden />}>
          Save
        </Button>
      </div>
      <Problem error={error} />
      {parts.length > 0 && (
        <Scrolling label="Large output, content" className="max-h-[28rem] px-2.5 py-2">
          {parts.map((part, index) => (
            <pre
              // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end.
              key={index}
              className="whitespace-pre-wrap break-all font-mono text-xs [contain-intrinsic-size:auto_4000px] [content-visibility:auto]"
            >
              {part}
            </pre>
          ))}
        </Scrolling>
      )}
    </section>
  );
}

function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
