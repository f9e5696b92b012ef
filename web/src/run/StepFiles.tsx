import { Download } from 'lucide-react';
import type { Run, Step } from '../api/types.ts';
import { Frame } from '../ui/Frame.tsx';
import { bytes } from '../ui/format.ts';

/** Files that a call handed over: names as text, and downloads that no browser shows or runs. */
export function StepFiles({ run, step }: { readonly run: Run; readonly step: Step }) {
  if (step.artifacts.length === 0) return null;
  const folder = `/v1/agents/${run.agent_id}/runs/${run.id}/artifacts`;
  return (
    <Frame title="Files">
      <ul className="px-2.5 py-2 text-xs">
        {step.artifacts.map((file) => (
          <li key={file.id} className="flex min-w-0 items-center gap-2 py-0.5">
            <a
              href={`${folder}/${file.id}/content`}
              download
              className="flex min-w-0 items-center gap-1 text-accent underline"
            >
              <Download size={13} aria-hidden className="shrink-0" />
              <span className="truncate">{file.name}</span>
            </a>
            <span className="shrink-0 text-faint">
              {file.media_type}, {bytes(file.size_bytes)}
            </span>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
