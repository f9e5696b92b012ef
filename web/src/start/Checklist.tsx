import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Circle } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { agentsQuery, runtimesQuery, toolsQuery } from '../api/queries.ts';
import { modelsQuery } from '../api/settings-queries.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Page.tsx';

const ModelDialog = lazy(async () => ({
  default: (await import('../settings/ModelDialog.tsx')).ModelDialog,
}));

interface StepToDo {
  readonly done: boolean;
  readonly title: string;
  readonly text: ReactNode;
  readonly action: ReactNode;
}

/** The way from nothing to a first run. What is done is ticked off by what the server has. */
export function Checklist() {
  const { workspaceId } = useSession();
  const models = useQuery(modelsQuery(workspaceId));
  const agents = useQuery(agentsQuery(workspaceId));
  const tools = useQuery(toolsQuery(workspaceId));
  const runtimes = useQuery(runtimesQuery);
  const mayNot = useWhyNot('secret', 'write');
  const [adding, setAdding] = useState(false);
  const agent = agents.data?.[0];
  const model = models.data?.[0];
  const hasSandbox = runtimes.data === undefined || runtimes.data.length > 0;
  const steps: readonly StepToDo[] = [
    {
      done: model !== undefined || agent !== undefined,
      title: 'A model',
      text: model
        ? `Ready: ${model.name}, which is ${model.provider}/${model.model}.`
        : 'Paste the key of its provider: it is kept sealed, and tried at once. Skip this if the server has one in its environment, such as OPENAI_API_KEY.',
      action: (
        <Button small why={mayNot} onClick={() => setAdding(true)}>
          Paste a provider key
        </Button>
      ),
    },
    {
      done: (tools.data?.length ?? 0) > 0,
      title: 'A tool',
      text: hasSandbox ? (
        'One function in Python or JavaScript that the agent may call. It runs in a sandbox, and nowhere else.'
      ) : (
        <>
          No sandbox is usable on this machine, so tools cannot run.{' '}
          <Link to="/system" className="text-accent underline">
            The system page says why
          </Link>
          .
        </>
      ),
      action: (
        <Link to="/tools/$toolId" params={{ toolId: 'new' }} className="text-accent underline">
          Write a tool
        </Link>
      ),
    },
    {
      done: agent !== undefined,
      title: 'An agent',
      text: 'Instructions, a model and its tools.',
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
              {!done && <div className="mt-1.5 text-[13px]">{action}</div>}
            </div>
          </li>
        ))}
      </ol>
      {adding && (
        <Suspense>
          <ModelDialog model={null} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Card>
  );
}
