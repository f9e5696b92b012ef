import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Contact } from '../api/work-types.ts';
import { Select, TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

/** Writes first: in the latest conversation with an address, or by e-mail in a new one. */
export function WriteToContact(props: { readonly contact: Contact; readonly onClose: () => void }) {
  const { contact, onClose } = props;
  const navigate = useNavigate();
  const { channels } = contact;
  const [address, setAddress] = useState(channels[0]?.id ?? '');
  const [subject, setSubject] = useState('');
  const [body, setBody] = useState('');
  const takesSubject = channels.find(({ id }) => id === address)?.type === 'email';
  const send = async () => {
    const sent = await dataOf(
      v1.POST('/v1/contacts/{id}/messages', {
        params: { path: { id: contact.id } },
        body: {
          channel_node_id: address,
          body,
          ...(takesSubject && subject.trim() !== '' ? { subject: subject.trim() } : {}),
        },
      }),
    );
    await navigate({
      to: '/conversations/$conversationId',
      params: { conversationId: sent.conversation_id },
    });
  };
  return (
    <FormDialog
      title="Write to them"
      saveLabel="Send"
      why={body.trim() === '' ? 'Write something first.' : null}
      save={send}
      onClose={onClose}
    >
      <Select
        label="To"
        value={address}
        options={channels.map(({ id, type, value }) => [
          id,
          `${value} (${type.replace('_', ' ')})`,
        ])}
        onChange={(event) => setAddress(event.target.value)}
      />
      {takesSubject && (
        <TextField
          label="Subject"
          value={subject}
          hint="One begins a new conversation."
          onChange={(event) => setSubject(event.target.value)}
        />
      )}
      <TextArea
        label="Message"
        rows={5}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
    </FormDialog>
  );
}
