import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Save, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { runtimesQuery, toolQuery } from '../api/queries.ts';
import type { Runtime, Tool, ToolInput } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { CodeEditor } from '../ui/CodeEditor.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Failed, Loading, Problem } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { Contract } from './Contract.tsx';
import { RunConsole } from './RunConsole.tsx';
import { ToolRuns } from './ToolRuns.tsx';
import { ToolSettings } from './ToolSettings.tsx';
import { ToolVersions } from './ToolVersions.tsx';
import { changesOf, draftOf, inputOf, newTool, type ToolDraft, wordsOf } from './tool-draft.ts';

const route = getRouteApi('/tools/$toolId');

export function ToolPage() {
  const { toolId } = route.useParams();
  const isNew = toolId === 'new';
  const tool = useQuery({ ...toolQuery(toolId), enabled: !isNew });
  const runtimes = useQuery(runtimesQuery);
  if (runtimes.data === undefined || (!isNew && tool.data === undefined)) {
    const error = tool.error ?? runtimes.error;
    return (
      <Page title="Tool" above={trail}>
        <Card>
          {error ? (
            <Failed error={error} onRetry={() => void tool.refetch()} />
          ) : (
            <Loading label="Loading the tool" />
          )}
        </Card>
      </Page>
    );
  }
  return <Editor key={toolId} tool={tool.data ?? null} runtimes={runtimes.data} />;
}

const trail = (
  <Link to="/tools" className="hover:underline">
    Tools
  </Link>
);

function Editor({
  tool,
  runtimes,
}: {
  readonly tool: Tool | null;
  readonly runtimes: readonly Runtime[];
}) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { workspaceId } = useSession();
  const search = route.useSearch();
  const readOnly = useWhyNot('custom_tool', 'write');
  const saved = useMemo(
    () => (tool === null ? newTool(runtimes[0]) : draftOf(tool)),
    [tool, runtimes],
  );
  const draft = useDraft<ToolDraft>({
    name: `tool-${tool?.id ?? `new-${workspaceId}`}`,
    base: tool?.updated_at ?? '',
    saved,
  });
  const { value, change } = draft;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const runtime = runtimes.find(({ language }) => language === value.language);
  const save = async (): Promise<Tool | null> => {
    if (tool !== null && !draft.isChanged) return tool;
    setBusy(true);
    setError(null);
    try {
      const made = await dataOf(
        tool === null
          ? v1.POST('/v1/custom-tools', {
              body: { workspace_id: workspaceId, ...inputOf(value) } as ToolInput,
            })
          : v1.PATCH('/v1/custom-tools/{id}', {
              params: { path: { id: tool.id } },
              body: changesOf(saved, value) as Partial<ToolInput>,
            }),
      );
      draft.discard();
      queries.setQueryData(toolQuery(made.id).queryKey, made);
      await queries.invalidateQueries({ queryKey: ['tools'] });
      await queries.invalidateQueries({ queryKey: ['tool', made.id, 'versions'] });
      if (tool === null) await navigate({ to: '/tools/$toolId', params: { toolId: made.id } });
      return made;
    } catch (problem) {
      setError(problem);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const setLanguage = (language: ToolDraft['language']) => {
    const templates = runtimes.map(({ template }) => template);
    const next = runtimes.find((each) => each.language === language);
    const isTemplate = value.code === '' || templates.includes(value.code);
    change({ language, ...(isTemplate && next ? { code: next.template } : {}) });
  };
  const why =
    readOnly ??
    (value.name === ''
      ? 'It needs a name.'
      : draft.isChanged || tool === null
        ? null
        : 'Nothing is changed.');
  return (
    <Page
      title={tool?.name ?? 'New tool'}
      above={trail}
      badge={tool && <Badge>version {tool.version}</Badge>}
      actions={
        <>
          {draft.isChanged && <Button onClick={draft.discard}>Discard changes</Button>}
          {tool && <DeleteTool tool={tool} why={readOnly} />}
          <Button
            kind="primary"
            busy={busy}
            why={why}
            icon={<Save size={14} aria-hidden />}
            onClick={() => void save()}
          >
            {tool === null ? 'Create tool' : 'Save'}
          </Button>
        </>
      }
    >
      <Views tool={tool} tab={search.tab}>
        <Problem error={error} />
        {draft.isRestored && (
          <p className="text-[13px] text-muted">Unsaved changes of an earlier visit are shown.</p>
        )}
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
          <div className="space-y-4">
            <Card>
              <div className="grid gap-4 p-4 sm:grid-cols-[minmax(0,1fr)_9rem]">
                <TextField
                  label="Name"
                  value={value.name}
                  placeholder="order-status"
                  spellCheck={false}
                  hint="kebab-case; what the model calls"
                  onChange={(event) => change({ name: event.target.value })}
                />
                <Select
                  label="Language"
                  value={value.language}
                  options={runtimes.map(({ language, version }) => [
                    language,
                    `${language === 'python' ? 'Python' : 'JavaScript'} ${version}`,
                  ])}
                  onChange={(event) => setLanguage(event.target.value as ToolDraft['language'])}
                />
                <div className="sm:col-span-2">
                  <TextField
                    label="Description"
                    value={value.description}
                    hint="When to call it and what it gives back: all that the model knows of it."
                    onChange={(event) => change({ description: event.target.value })}
                  />
                </div>
              </div>
            </Card>
            <Card title="Code" className="overflow-hidden">
              <div className="h-[26rem]">
                <CodeEditor
                  key={value.language}
                  label="Code of the tool"
                  language={value.language}
                  value={value.code}
                  words={wordsOf(runtime, value)}
                  onChange={(code) => change({ code })}
                />
              </div>
            </Card>
            {runtime && <Contract runtime={runtime} />}
          </div>
          <div className="space-y-4">
            <RunConsole tool={tool} isChanged={draft.isChanged} save={save} />
            <ToolSettings value={value} runtime={runtime} change={change} />
          </div>
        </div>
      </Views>
    </Page>
  );
}

/** The editor, and beside it what there is of a tool once it is made. */
function Views(props: {
  readonly tool: Tool | null;
  readonly tab: string | undefined;
  readonly children: ReactNode;
}) {
  const { tool, tab = 'editor', children } = props;
  const navigate = route.useNavigate();
  if (tool === null) return <div className="space-y-4">{children}</div>;
  const tabs = [
    ['editor', 'Editor', children],
    ['versions', 'Versions', <ToolVersions key="versions" tool={tool} />],
    ['runs', 'Calls', <ToolRuns key="runs" toolId={tool.id} />],
  ] as const;
  return (
    <Tabs
      label="Views of the tool"
      value={tab}
      onChange={(next) => void navigate({ search: { tab: next }, replace: true })}
      tabs={tabs.map(([value, label, content]) => ({
        value,
        label,
        content: <div className="space-y-4 pt-4">{content}</div>,
      }))}
    />
  );
}

function DeleteTool({ tool, why }: { readonly tool: Tool; readonly why: string | null }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <ConfirmButton
      kind="danger"
      aria-label="Delete the tool"
      icon={<Trash2 size={14} aria-hidden />}
      why={why}
      question={`Delete ${tool.name}?`}
      explanation="It is gone for good. A tool that agents name cannot be deleted: take it out of them first."
      confirmLabel="Delete it"
      act={async () => {
        await dataOf(v1.DELETE('/v1/custom-tools/{id}', { params: { path: { id: tool.id } } }));
        await navigate({ to: '/tools' });
        await queries.invalidateQueries({ queryKey: ['tools'] });
      }}
    />
  );
}
