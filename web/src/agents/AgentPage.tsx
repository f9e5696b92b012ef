import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { PanelRight, Pause, Play, Trash2 } from 'lucide-react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentQuery } from '../api/queries.ts';
import type { Agent } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { AgentEditor } from './AgentEditor.tsx';
import { Playground } from './Playground.tsx';
import { VersionsView } from './VersionsView.tsx';

const route = getRouteApi('/agents/$agentId');

export function AgentPage() {
  const { agentId } = route.useParams();
  return agentId === 'new' ? <NewAgent /> : <KnownAgent key={agentId} id={agentId} />;
}

const trail = (
  <Link to="/agents" className="hover:underline">
    Agents
  </Link>
);

function NewAgent() {
  return (
    <Page title="New agent" above={trail}>
      <div className="@container">
        <AgentEditor agent={null} />
      </div>
    </Page>
  );
}

function KnownAgent({ id }: { readonly id: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const agent = useQuery(agentQuery(id));
  const { data } = agent;
  if (data === undefined) {
    return (
      <Page title="Agent" above={trail}>
        <Card>
          <Unanswered query={agent} label="Loading the agent" />
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      above={trail}
      badge={
        <span className="flex gap-1.5">
          <Badge>version {data.agent_version}</Badge>
          {!data.enabled && <Badge tone="warn">disabled</Badge>}
          {data.paused_at !== null && <Badge tone="warn">paused</Badge>}
        </span>
      }
      actions={
        <>
          {(search.tab ?? 'editor') === 'editor' && (
            <Button
              aria-pressed={search.beside === true}
              icon={<PanelRight size={14} aria-hidden />}
              onClick={() =>
                void navigate({ search: search.beside ? {} : { beside: true }, replace: true })
              }
            >
              Playground
            </Button>
          )}
          <AgentActions agent={data} />
        </>
      }
    >
      <Tabs
        label="Views of the agent"
        value={search.tab ?? 'editor'}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={[
          {
            value: 'editor',
            label: 'Editor',
            content: (
              <Below>
                <div
                  className={
                    search.beside
                      ? 'grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,30rem)]'
                      : ''
                  }
                >
                  <div className="@container min-w-0">
                    <AgentEditor agent={data} />
                  </div>
                  {search.beside && (
                    <div className="@container min-w-0">
                      <Playground agent={data} />
                    </div>
                  )}
                </div>
              </Below>
            ),
          },
          {
            value: 'playground',
            label: 'Playground',
            content: (
              <Below>
                <div className="@container">
                  <Playground agent={data} />
                </div>
              </Below>
            ),
          },
          {
            value: 'versions',
            label: 'Versions',
            content: (
              <Below>
                <VersionsView agent={data} />
              </Below>
            ),
          },
        ]}
      />
    </Page>
  );
}

function Below({ children }: { readonly children: React.ReactNode }) {
  return <div className="pt-4">{children}</div>;
}

function AgentActions({ agent }: { readonly agent: Agent }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const readOnly = useWhyNot('agent', 'write');
  const mayNotPause = useWhyNot('run', 'write');
  const params = { path: { id: agent.id } };
  const isPaused = agent.paused_at !== null;
  const toggle = async () => {
    const route = isPaused ? '/v1/agents/{id}/resume' : '/v1/agents/{id}/pause';
    queries.setQueryData(agentQuery(agent.id).queryKey, await dataOf(v1.POST(route, { params })));
    await queries.invalidateQueries({ queryKey: ['agents'] });
  };
  const remove = async () => {
    await dataOf(v1.DELETE('/v1/agents/{id}', { params }));
    await navigate({ to: '/agents' });
    await queries.invalidateQueries({ queryKey: ['agents'] });
  };
  return (
    <>
      <Link
        to="/runs"
        search={{ agent: agent.id }}
        className="inline-flex h-8 items-center rounded-md border border-line bg-surface px-2.5 text-[13px] font-medium hover:border-strong hover:bg-sunken"
      >
        Its runs
      </Link>
      {isPaused ? (
        <Button
          icon={<Play size={14} aria-hidden />}
          why={mayNotPause}
          onClick={() => void toggle()}
        >
          Resume
        </Button>
      ) : (
        <ConfirmButton
          icon={<Pause size={14} aria-hidden />}
          why={mayNotPause}
          question={`Pause ${agent.name}?`}
          explanation="New runs are accepted and wait until it is resumed. Runs that have begun go on."
          confirmLabel="Pause it"
          act={toggle}
        >
          Pause
        </ConfirmButton>
      )}
      <ConfirmButton
        kind="danger"
        aria-label="Delete the agent"
        icon={<Trash2 size={14} aria-hidden />}
        why={readOnly}
        question={`Delete ${agent.name}?`}
        explanation="The agent and its triggers are gone for good. Its runs stay."
        confirmLabel="Delete it"
        act={remove}
      />
    </>
  );
}
