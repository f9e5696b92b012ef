import { Play } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Tool, ToolResult } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Lamp } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { duration } from '../ui/format.ts';
import { JsonText } from '../ui/JsonText.tsx';
import { JsonView } from '../ui/JsonView.tsx';
import { Logs } from '../ui/Logs.tsx';
import { LongText } from '../ui/LongText.tsx';
import { Card } from '../ui/Page.tsx';
import { parseJson } from '../ui/parse-json.ts';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** Calls the tool as an agent would, in the same sandbox, and shows all that comes back. */
export function RunConsole(props: {
  readonly tool: Tool | null;
  readonly isChanged: boolean;
  readonly save: () => Promise<Tool | null>;
}) {
  const { tool, isChanged, save } = props;
  const readOnly = useWhyNot('custom_tool', 'write');
  const [given, setGiven] = useState(() => exampleOf(tool));
  const [result, setResult] = useState<ToolResult | null>(null);
  const { busy, error, submit } = useSubmit();
  const read = parseJson(given);
  const run = () =>
    submit(async () => {
      const saved = await save();
      if (saved === null) return;
      const body = { parameters: read.value as Record<string, unknown> };
      const params = { path: { id: saved.id } };
      setResult(await dataOf(v1.POST('/v1/custom-tools/{id}/run', { params, body })));
    });
  const why =
    readOnly ??
    (tool === null
      ? 'Create the tool first.'
      : read.problem
        ? 'The parameters are not JSON.'
        : null);
  return (
    <Card title="Try it">
      <div className="space-y-3 p-4">
        <JsonText
          label="Parameters of the call, as JSON"
          rows={4}
          value={given}
          onChange={setGiven}
        />
        <Button
          busy={busy}
          why={why}
          icon={<Play size={14} aria-hidden />}
          onClick={() => void run()}
        >
          {isChanged && tool !== null ? 'Save and run' : 'Run'}
        </Button>
        <Problem error={error} />
        <div role="status" className="space-y-3">
          {result && <Result result={result} />}
        </div>
      </div>
    </Card>
  );
}

function Result({ result }: { readonly result: ToolResult }) {
  return (
    <>
      <p className="flex items-center gap-3 text-[13px]">
        <Lamp tone={result.success ? 'good' : 'bad'}>
          {result.success ? 'Succeeded' : 'Failed'}
        </Lamp>
        <span className="text-muted">{duration(result.run_time_ms)}</span>
      </p>
      {result.error && (
        <pre className="overflow-x-auto whitespace-pre-wrap break-words rounded-md border border-bad/40 bg-bad/8 px-3 py-2 font-mono text-xs text-bad">
          <LongText text={result.error} />
        </pre>
      )}
      {result.success && <JsonView value={result.result} label="Result" />}
      {result.logs && <Logs text={result.logs} heading="h3" />}
      {result.connections && <JsonView value={result.connections} label="Connections" />}
    </>
  );
}

const examples: Readonly<Record<string, unknown>> = {
  string: '',
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
  object: {},
};

/** The tool's parameters with values to be changed. */
function exampleOf(tool: Tool | null): string {
  const entries = Object.entries(tool?.parameters ?? {}).map(([name, definition]) => {
    const fields = (definition ?? {}) as Record<string, unknown>;
    return [name, fields.default ?? examples[String(fields.type)] ?? null];
  });
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}
