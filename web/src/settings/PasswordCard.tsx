import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** One’s own password. */
export function PasswordCard() {
  const [before, setBefore] = useState('');
  const [next, setNext] = useState('');
  const [isChanged, setChanged] = useState(false);
  const { busy, error, submit } = useSubmit();
  const save = async () => {
    setChanged(false);
    const went = await submit(() =>
      dataOf(
        v1.PUT('/v1/session/password', {
          body: { current_password: before, new_password: next },
        }),
      ),
    );
    if (!went) return;
    setBefore('');
    setNext('');
    setChanged(true);
  };
  return (
    <Card title="Your password">
      <div className="space-y-4 p-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Password now"
            type="password"
            autoComplete="current-password"
            value={before}
            onChange={(event) => setBefore(event.target.value)}
          />
          <TextField
            label="New password"
            type="password"
            autoComplete="new-password"
            hint="at least 12 characters"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        </div>
        <Problem error={error} />
        <div role="status" className="text-[13px] text-good">
          {isChanged && 'It is changed, and your other sessions have ended.'}
        </div>
        <Button
          busy={busy}
          why={before === '' || next.length < 12 ? 'Both passwords are needed.' : null}
          onClick={() => void save()}
        >
          Change it
        </Button>
      </div>
    </Card>
  );
}
