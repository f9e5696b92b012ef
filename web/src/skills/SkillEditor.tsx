import { useQueryClient } from '@tanstack/react-query';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { skillQuery } from '../api/know-queries.ts';
import type { Skill } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Button } from '../ui/Button.tsx';
import { commaList } from '../ui/comma-list.ts';
import { Check, TextArea, TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { SafeText } from '../ui/SafeText.tsx';
import { Problem } from '../ui/States.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { useSubmit } from '../ui/use-submit.ts';

/** What the skill says, to read or to edit. A change of it is a new version. */
export function SkillEditor({ skill }: { readonly skill: Skill }) {
  const why = useWhyNot('skill', 'write');
  return (
    <div className="pt-4">
      <Card>
        {why === null ? (
          <Form skill={skill} />
        ) : (
          <div className="space-y-3 p-4">
            <p className="text-muted">{skill.description}</p>
            <SafeText text={skill.body} />
          </div>
        )}
      </Card>
    </div>
  );
}

function Form({ skill }: { readonly skill: Skill }) {
  const queries = useQueryClient();
  const draft = useDraft({
    name: `skill-${skill.id}`,
    base: String(skill.version),
    saved: {
      name: skill.name,
      displayName: skill.display_name ?? '',
      description: skill.description,
      body: skill.body,
      tools: (skill.allowed_tools ?? []).join(', '),
      tags: (skill.tags ?? []).join(', '),
      enabled: skill.enabled,
    },
  });
  const { busy, error, submit } = useSubmit();
  const { value, change } = draft;
  const save = () =>
    submit(async () => {
      const tools = commaList(value.tools);
      const saved = await dataOf(
        v1.PATCH('/v1/skills/{id}', {
          params: { path: { id: skill.id } },
          body: {
            name: value.name.trim(),
            display_name: value.displayName.trim() || null,
            description: value.description.trim(),
            body: value.body,
            allowed_tools: tools.length === 0 ? null : tools,
            tags: commaList(value.tags),
            enabled: value.enabled,
          },
        }),
      );
      draft.discard();
      queries.setQueryData(skillQuery(skill.id).queryKey, saved);
      await queries.invalidateQueries({ queryKey: ['skills'] });
    });
  return (
    <form
      className="space-y-4 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.isChanged && !busy) void save();
      }}
    >
      {draft.isRestored && (
        <p className="text-xs text-warn">Unsaved changes of an earlier visit are shown.</p>
      )}
      {draft.isStale && (
        <p role="alert" className="text-xs text-warn">
          Somebody saved it since you began. Saving replaces what they wrote.
        </p>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Name"
          spellCheck={false}
          value={value.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <TextField
          label="Shown as"
          value={value.displayName}
          onChange={(event) => change({ displayName: event.target.value })}
        />
      </div>
      <TextField
        label="Description"
        hint="When to use it: by this an agent decides to read it."
        value={value.description}
        onChange={(event) => change({ description: event.target.value })}
      />
      <TextArea
        label="Instructions, as Markdown"
        rows={18}
        className="font-mono text-xs"
        value={value.body}
        onChange={(event) => change({ body: event.target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Allowed tools"
          hint="With commas between; none named: all of the agent’s."
          spellCheck={false}
          value={value.tools}
          onChange={(event) => change({ tools: event.target.value })}
        />
        <TextField
          label="Tags"
          hint="With commas between."
          value={value.tags}
          onChange={(event) => change({ tags: event.target.value })}
        />
      </div>
      <Check
        label="Enabled"
        hint="A disabled skill is given to no new run."
        checked={value.enabled}
        onChange={(event) => change({ enabled: event.target.checked })}
      />
      <Problem error={error} />
      <div className="flex justify-end gap-2">
        {draft.isChanged && <Button onClick={draft.discard}>Discard</Button>}
        <Button
          type="submit"
          kind="primary"
          busy={busy}
          why={draft.isChanged ? null : 'Nothing is changed.'}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
