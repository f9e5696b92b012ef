import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { contactQuery } from '../api/work-queries.ts';
import type { Contact } from '../api/work-types.ts';
import { Check, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

export function EditContact(props: { readonly contact: Contact; readonly onClose: () => void }) {
  const { contact, onClose } = props;
  const queries = useQueryClient();
  const [first, setFirst] = useState(contact.first_name ?? '');
  const [last, setLast] = useState(contact.last_name ?? '');
  const [archived, setArchived] = useState(contact.archived);
  const { id } = contact;
  const save = async () => {
    const changed = await dataOf(
      v1.PATCH('/v1/contacts/{id}', {
        params: { path: { id } },
        body: { first_name: first.trim() || null, last_name: last.trim() || null, archived },
      }),
    );
    queries.setQueryData(contactQuery(id).queryKey, changed);
    await queries.invalidateQueries({ queryKey: ['contacts'] });
  };
  return (
    <FormDialog title="Edit the contact" why={null} save={save} onClose={onClose}>
      <TextField
        label="First name"
        value={first}
        onChange={(event) => setFirst(event.target.value)}
      />
      <TextField label="Last name" value={last} onChange={(event) => setLast(event.target.value)} />
      <Check
        label="Archived"
        hint="Left out of the lists until they write again."
        checked={archived}
        onChange={(event) => setArchived(event.target.checked)}
      />
    </FormDialog>
  );
}
