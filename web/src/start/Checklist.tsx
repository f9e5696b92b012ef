import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Circle } from 'lucide-react';
import type { ReactNode } from 'react';
import { agentsQuery, runtimesQuery, toolsQuery } from '../api/queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { Card } from '../ui/Page.tsx';

/** The way from nothing to a first run. What is done is ticked off by what the server has. */
export function Checklist() {
  const { workspaceId } = useSession();
  const agents = useQuery(agentsQuery(workspaceId));
  const tools = useQuery(toolsQuery(workspaceId));
  const runtimes = useQuery(runtimesQuery);
  const agent = agents.data?.[0];
  const steps: readonly { done: boolean; title: string; text: ReactNode; action: ReactNode }[] = [
    {
      done: (runtimes.data?.length ?? 0) > 0,
      title: 'A sandbox for tools',
      text: runtimes.data?.length
        ? `Ready: ${runtimes.data.map(({ language, version }) => `${language} ${version}`).join(', ')}.`
        : 'No sandbox is usable on this machine yet. The system page says why.',
      action: <Go to="/system">See the system</Go>,
    },
    {
      done: (tools.data?.length ?? 0) > 0,
      title: 'A tool',
      text: 'One function in Python or JavaScript that the agent may call. It runs in the sandbox, and nowhere else.',
      action: (
        <Link to="/tools/$toolId" params={{ toolId: 'new' }} className="text-accent underline">
          Write a tool
        </Link>
      ),
    },
    {
      done: agent !== undefined,
      title: 'An agent',
      text: 'Instructions, a model and its tools. The model needs the key of its provider in the server’s environment, such as OPENAI_API_KEY, or a server of your own at OPENAI_COMPATIBLE_BASE_URL.',
      action: (
        <Link to="/agents/$agentId" params={{ agentId: 'new' }} className="text-accent underline">
          Make an agent
        </Link>
      ),
    },
    {
      done: false,
      title: 'A first run',
      text: 'Send the agent a payload in its playground and watch every step as it comes.',
      action: agent ? (
        <Link
          to="/agents/$agentId"
          params={{ agentId: agent.id }}
          search={{ tab: 'playground' }}
          className="text-accent underline"
        >
          Open the playground
        </Link>
      ) : (
        <span className="text-faint">Needs an agent.</span>
      ),
    },
  ];
  return (
    <Card className="mx-auto mt-4 w-full max-w-2xl" title="Four steps to the first run">
      <ol className="divide-y divide-line">
        {steps.map(({ done, title, text, action }) => (
          <li key={title} className="flex gap-3 px-4 py-4">
            {done ? (
              <Check size={18} className="mt-0.5 shrink-0 text-good" aria-label="done" />
            ) : (
              <Circle size={18} className="mt-0.5 shrink-0 text-faint" aria-label="to do" />
            )}
            <div className="min-w-0">
              <h3 className="font-medium">{title}</h3>
              <p className="mt-0.5 text-[13px] text-muted">{text}</p>
              {!done && <p className="mt-1.5 text-[13px]">{action}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Go({ to, children }: { readonly to: '/system'; readonly children: ReactNode }) {
  return (
    <Link to={to} className="text-accent underline">
      {children}
    </Link>
  );
}
