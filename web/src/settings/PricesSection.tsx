import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Coins, Search } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { priceInForceQuery, pricesQuery } from '../api/settings-queries.ts';
import type { Price } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';

/** What models cost: the workspace’s own prices before those of the server’s list. */
export function PricesSection() {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const why = useWhyNot('price', 'write');
  const prices = useQuery(pricesQuery(workspaceId));
  const [making, setMaking] = useState(false);
  return (
    <>
      <ListCard
        title="Own prices"
        query={prices}
        icon={<Coins aria-hidden />}
        emptyTitle="No price of your own"
        emptyText="Known models have the public list prices. A price of your own counts before those, for runs from then on."
        addLabel="Set a price"
        why={why}
        onAdd={() => setMaking(true)}
      >
        {(price) => (
          <ListLine
            title={<code className="font-mono">{price.model}</code>}
            about={`$${price.input} in, $${price.output} out for a million tokens${price.source ? ` · ${price.source}` : ''}`}
            actions={
              <DeleteButton
                name={`the price of ${price.model}`}
                why={why}
                explanation="The list price counts from then on, if there is one. What runs have cost stays."
                act={async () => {
                  await dataOf(
                    v1.DELETE('/v1/prices/{id}', { params: { path: { id: price.id } } }),
                  );
                  await queries.invalidateQueries({ queryKey: ['prices'] });
                }}
              />
            }
          />
        )}
      </ListCard>
      <PriceSearch />
      {making && <PriceDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function PriceSearch() {
  const { workspaceId } = useSession();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const found = useQuery({ ...priceInForceQuery(workspaceId, asked), enabled: asked !== '' });
  const price = found.data?.usd_per_million_tokens as Partial<Price> | null | undefined;
  return (
    <Card title="What does a model cost?">
      <form
        className="space-y-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(typed.trim());
        }}
      >
        <div className="flex items-end gap-2">
          <div className="grow">
            <TextField
              label="Model"
              value={typed}
              placeholder="openai/gpt-5-mini"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          <Button type="submit" icon={<Search size={14} aria-hidden />}>
            Look up
          </Button>
        </div>
        <Problem error={found.error} />
        <p role="status" className="text-[13px] text-muted">
          {found.data &&
            (found.data.known
              ? `$${price?.input} in, $${price?.output} out for a million tokens, from ${
                  found.data.from === 'workspace' ? 'this workspace' : 'the public list'
                } (${found.data.source}${found.data.date ? `, ${found.data.date.slice(0, 10)}` : ''}).`
              : 'Its price is not known: the cost of its runs is unknown until one is set.')}
        </p>
      </form>
    </Card>
  );
}

const fields = [
  ['input', 'Input', true],
  ['output', 'Output', true],
  ['cached_input', 'Cached input', false],
  ['cache_write', 'Written to the cache', false],
] as const;

function PriceDialog({ onClose }: { readonly onClose: () => void }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [model, setModel] = useState('');
  const [source, setSource] = useState('');
  const [sums, setSums] = useState<Readonly<Record<string, string>>>({});
  const isNumber = (name: string) => /^\d+(\.\d+)?$/.test(sums[name] ?? '');
  const missing = fields.find(([name, , needed]) => (needed || sums[name]) && !isNumber(name));
  const save = async () => {
    const given = Object.fromEntries(
      fields.filter(([name]) => isNumber(name)).map(([name]) => [name, Number(sums[name])]),
    );
    const body = {
      workspace_id: workspaceId,
      model: model.trim(),
      input: 0,
      output: 0,
      ...given,
      ...(source.trim() && { source: source.trim() }),
    };
    await dataOf<Price>(v1.POST('/v1/prices', { body }));
    await queries.invalidateQueries({ queryKey: ['prices'] });
  };
  return (
    <FormDialog
      title="A price of your own"
      description="In USD for a million tokens."
      why={
        model.trim() === ''
          ? 'The model is missing.'
          : missing
            ? `${missing[1]} must be a number.`
            : null
      }
      save={save}
      onClose={onClose}
    >
      <TextField
        label="Model"
        value={model}
        placeholder="openai/gpt-5-mini"
        spellCheck={false}
        hint="provider/model"
        onChange={(event) => setModel(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-4">
        {fields.map(([name, label, needed]) => (
          <TextField
            key={name}
            label={label}
            inputMode="decimal"
            placeholder={needed ? '' : 'as input'}
            value={sums[name] ?? ''}
            onChange={(event) => setSums({ ...sums, [name]: event.target.value })}
          />
        ))}
      </div>
      <TextField
        label="Source"
        value={source}
        placeholder="contract of May"
        onChange={(event) => setSource(event.target.value)}
      />
    </FormDialog>
  );
}
