import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, Wrench } from 'lucide-react';
import { toolsQuery } from '../api/queries.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

export function ToolsPage() {
  const { workspaceId } = useSession();
  const navigate = useNavigate();
  const readOnly = useWhyNot('custom_tool', 'write');
  const tools = useQuery(toolsQuery(workspaceId));
  const create = (
    <Button
      kind="primary"
      icon={<Plus size={14} aria-hidden />}
      why={readOnly}
      onClick={() => void navigate({ to: '/tools/$toolId', params: { toolId: 'new' } })}
    >
      New tool
    </Button>
  );
  return (
    <Page title="Tools" actions={create}>
      <Card>
        {tools.data === undefined ? (
          <Unanswered query={tools} label="Loading tools" />
        ) : tools.data.length === 0 ? (
          <Empty icon={<Wrench aria-hidden />} title="No tool yet" action={create}>
            A tool is one function, <code className="font-mono">main</code>, in Python or
            JavaScript. It runs in a sandbox of its own, for every call anew.
          </Empty>
        ) : (
          <ul className="divide-y divide-line/70">
            {tools.data.map((tool) => (
              <li
                key={tool.id}
                className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-sunken"
              >
                <div className="min-w-0 grow">
                  <Link
                    to="/tools/$toolId"
                    params={{ toolId: tool.id }}
                    className="font-mono text-[13px] font-medium hover:underline"
                  >
                    {tool.name}
                  </Link>
                  <p className="line-clamp-1 text-xs text-muted">{tool.description}</p>
                </div>
                <span className="flex flex-wrap items-center gap-1.5">
                  <Badge>{tool.language}</Badge>
                  {tool.enable_globally && <Badge tone="good">every agent</Badge>}
                  {tool.has_effects && <Badge tone="warn">has effects</Badge>}
                  {tool.network && <Badge>network</Badge>}
                </span>
                <span className="w-24 text-right text-xs text-muted">
                  <Time at={tool.updated_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Page>
  );
}
