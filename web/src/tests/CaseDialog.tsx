import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import type { Body, TestCase } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Select, TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { JsonField } from '../ui/JsonField.tsx';
import { JsonText } from '../ui/JsonText.tsx';
import { parseJson } from '../ui/parse-json.ts';
import { ExpectFields } from './ExpectFields.tsx';
import type { Expect } from './expect-draft.ts';

/** What an agent is given, how its tools answer, and what is expected. */
export function CaseDialog(props: {
  readonly testCase: TestCase | null;
  readonly agentId: string | undefined;
  readonly onClose: () => void;
}) {
  const { testCase, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const agents = useQuery(agentsQuery(workspaceId));
  const [agentId, setAgentId] = useState(testCase?.agent_id ?? props.agentId ?? '');
  const [name, setName] = useState(testCase?.name ?? '');
  const [payload, setPayload] = useState(() => JSON.stringify(testCase?.payload ?? {}, null, 2));
  const [messages, setMessages] = useState(() => textOf(testCase?.conversation ?? null));
  const [tools, setTools] = useState(testCase?.tools ?? { others: 'refuse', results: [] });
  const [expect, setExpect] = useState<Expect>(testCase?.expect ?? { disposition: ['resolved'] });
  const [repeat, setRepeat] = useState(String(testCase?.repeat ?? 1));
  const [share, setShare] = useState(String((testCase?.min_pass_rate ?? 1) * 100));
  const read = parseJson(payload);
  const agent = agentId || (agents.data?.[0]?.id ?? '');
  const save = async () => {
    const body = {
      name: name.trim(),
      payload: read.value,
      ...(messages.trim() === ''
        ? testCase?.conversation && { conversation: null }
        : { conversation: messagesOf(messages) }),
      tools,
      expect,
      repeat: Number(repeat),
      min_pass_rate: Number(share) / 100,
    } as Body<'updateTest'>;
    await dataOf<TestCase>(
      testCase === null
        ? v1.POST('/v1/tests', { body: { ...body, agent_id: agent, workspace_id: workspaceId } })
        : v1.PATCH('/v1/tests/{id}', { params: { path: { id: testCase.id } }, body }),
    );
    await queries.invalidateQueries({ queryKey: ['tests'] });
  };
  return (
    <FormDialog
      wide
      title={testCase === null ? 'A test case' : `Change “${testCase.name}”`}
      why={
        name.trim() === ''
          ? 'It needs a name.'
          : agent === ''
            ? 'It needs an agent.'
            : read.problem
              ? 'The payload is not JSON.'
              : null
      }
      save={save}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          value={name}
          placeholder="A late cancellation is refused"
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label="Agent"
          value={agent}
          disabled={testCase !== null}
          options={(agents.data ?? []).map((each) => [each.id, each.name])}
          onChange={(event) => setAgentId(event.target.value)}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <JsonText label="Payload, as JSON" rows={6} value={payload} onChange={setPayload} />
        <TextArea
          label="Conversation, if it is one"
          rows={6}
          value={messages}
          placeholder={'Hello, where is my order?\n> Which one?\nA-17'}
          hint="a message a line; lines that begin with > are the agent’s"
          onChange={(event) => setMessages(event.target.value)}
        />
      </div>
      <JsonField
        rows={5}
        label="Answers of tools, as JSON"
        hint="results: the first that fits a call answers it; others: refuse, or real to call them"
        value={tools}
        onChange={setTools}
      />
      <ExpectFields value={expect} onChange={setExpect} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Runs each time"
          inputMode="numeric"
          value={repeat}
          onChange={(event) => setRepeat(event.target.value)}
        />
        <TextField
          label="Must pass, in %"
          inputMode="decimal"
          value={share}
          onChange={(event) => setShare(event.target.value)}
        />
      </div>
    </FormDialog>
  );
}

function textOf(conversation: TestCase['conversation']): string {
  return (conversation ?? [])
    .map(({ from, text }) => (from === 'agent' ? `> ${text}` : text))
    .join('\n');
}

function messagesOf(text: string) {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) =>
      line.startsWith('>')
        ? { from: 'agent' as const, text: line.slice(1).trim() }
        : { from: 'contact' as const, text: line.trim() },
    );
}
