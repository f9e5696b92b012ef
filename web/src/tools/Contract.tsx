import type { Runtime } from '../api/types.ts';
import { Fact } from '../ui/Facts.tsx';
import { bytes } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';

/** What the runtime gives to code and wants of it, as the server describes it. */
export function Contract({ runtime }: { readonly runtime: Runtime }) {
  const { limits, packages } = runtime;
  return (
    <Card title="What the code is given">
      <dl className="grid gap-x-4 gap-y-2 p-4 text-[13px] sm:grid-cols-[8rem_minmax(0,1fr)]">
        <Fact name="Entry">
          <code className="break-words font-mono text-xs">{runtime.entrypoint}</code>
        </Fact>
        <Fact name="Returns">
          <code className="break-words font-mono text-xs">{runtime.return_shape}</code>
        </Fact>
        <Fact name="Sandbox">{runtime.backend}</Fact>
        <Fact name="Modules">
          <span className="break-words text-muted">
            {runtime.builtin_modules.join(', ') || 'none'}
          </span>
        </Fact>
        <Fact name="Packages">
          {packages.length === 0
            ? 'none'
            : packages.map(({ name, version }) => `${name} ${version}`).join(', ')}
        </Fact>
        <Fact name="At most">
          {limits.max_timeout_ms / 1_000} s, {limits.max_memory_mb} MB, results of{' '}
          {bytes(limits.max_result_bytes)}, logs of {bytes(limits.max_logs_bytes)}
        </Fact>
      </dl>
    </Card>
  );
}
