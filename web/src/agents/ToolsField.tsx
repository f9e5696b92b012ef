import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { agentsQuery, knownToolsQuery } from '../api/queries.ts';
import type { KnownTool } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { Loading, Problem } from '../ui/States.tsx';
import { HttpHostsButton } from './HttpHosts.tsx';

/** Which tools the agent may call. Those that are enabled globally need no mention. */
export function ToolsField(props: {
  /** Of the agent itself: it cannot ask itself. */
  readonly agentId: string | null;
  readonly value: readonly string[] | null;
  readonly onChange: (value: readonly string[] | null) => void;
}) {
  const { workspaceId } = useSession();
  const tools = useQuery(knownToolsQuery(workspaceId));
  const chosen = new Set(props.value ?? []);
  const agents = useQuery(agentsQuery(workspaceId));
  const names = new Map((agents.data ?? []).map(({ id, name }) => [id, name]));
  const known = (tools.data ?? [])
    .filter(({ kind, id }) => kind !== 'agent' || id !== props.agentId)
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const others = [...chosen].filter((name) => !known.some((tool) => tool.name === name));
  const toggle = (name: string, on: boolean) => {
    const next = on ? [...chosen, name] : [...chosen].filter((each) => each !== name);
    props.onChange(next.length === 0 ? null : next);
  };
  return (
    <Card title="Tools">
      {tools.isPending ? (
        <Loading label="Loading tools" />
      ) : (
        <div className="max-h-96 space-y-3 overflow-y-auto p-4">
          <Problem error={tools.error} />
          {known.length + others.length === 0 && (
            <p className="text-[13px] text-faint">
              There is no tool yet.{' '}
              <Link
                to="/tools/$toolId"
                params={{ toolId: 'new' }}
                className="text-accent underline"
              >
                Write one
              </Link>
            </p>
          )}
          {known.map((tool) => (
            <div key={tool.name} className="flex items-start gap-2">
              <div className="min-w-0 grow">
                <Check
                  label={
                    tool.kind === 'agent'
                      ? `Ask “${names.get(tool.id ?? '') ?? tool.name}”`
                      : tool.name
                  }
                  hint={hintOf(tool)}
                  disabled={tool.enable_globally}
                  checked={tool.enable_globally || chosen.has(tool.name)}
                  onChange={(event) => toggle(tool.name, event.target.checked)}
                />
              </div>
              {tool.kind === 'built_in' && tool.name === 'http_request' && (
                <HttpHostsButton agentId={props.agentId} />
              )}
            </div>
          ))}
          {others.map((name) => (
            <Check
              key={name}
              label={name}
              hint="it is not there any more"
              checked
              onChange={() => toggle(name, false)}
            />
          ))}
        </div>
      )}
    </Card>
  );
}

/** One’s own first. */
const order: readonly KnownTool['kind'][] = ['custom', 'mcp', 'openapi', 'built_in', 'agent'];

const kinds: Readonly<Record<KnownTool['kind'], string>> = {
  built_in: 'built in',
  custom: '',
  mcp: 'by MCP',
  openapi: 'by OpenAPI',
  agent: 'another agent',
};

function hintOf(tool: KnownTool): string {
  if (tool.unusable !== null) return `cannot be used: ${tool.unusable}`;
  const about = [
    kinds[tool.kind],
    tool.enable_globally && 'for every agent',
    tool.requires_approval && 'needs approval',
  ].filter(Boolean);
  const [line = ''] = tool.description.split('\n');
  const said = line.length > 120 ? `${line.slice(0, 120).replace(/\s+\S*$/, '')} …` : line;
  return [about.join(', '), said].filter(Boolean).join(': ');
}
