import { useQuery } from '@tanstack/react-query';
import { runtimesQuery } from '../api/queries.ts';
import { Answer } from '../ui/Answer.tsx';
import { bytes } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';

const languageNames = { python: 'Python', javascript: 'JavaScript' } as const;

/** Where the code of tools runs: its backend, what holds each call there, and what it is given. */
export function SandboxCard() {
  const runtimes = useQuery(runtimesQuery);
  return (
    <Card title="Sandbox of tools">
      <Answer query={runtimes} label="Loading runtimes">
        {(all) =>
          all.length === 0 ? (
            <p className="px-4 py-3 text-muted">
              No sandbox is usable here, so tools cannot run. `signalbox doctor` says what is
              missing.
            </p>
          ) : (
            <div className="text-[13px]">
              <ul className="divide-y divide-line/70">
                {all.map(({ language, version, backend, limits }) => (
                  <li key={language} className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-3">
                    <span className="w-28 font-medium">{languageNames[language]}</span>
                    <span className="min-w-0 grow basis-56 text-muted">
                      {version} in the sandbox “{backend}”; up to {limits.max_timeout_ms / 1_000} s,{' '}
                      {limits.max_memory_mb} MB and results of {bytes(limits.max_result_bytes)} a
                      call
                    </span>
                  </li>
                ))}
              </ul>
              {layersOf(all).map(({ languages, layers }) => (
                <section key={languages} className="border-t border-line/70 px-4 py-3">
                  <h3 className="pb-1 font-medium">What holds each call of {languages}</h3>
                  <ul className="list-disc space-y-0.5 pl-4 text-muted">
                    {layers.map((layer) => (
                      <li key={layer}>{layer}</li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          )
        }
      </Answer>
    </Card>
  );
}

interface Held {
  readonly language: keyof typeof languageNames;
  readonly layers: readonly string[];
}

/** Once for all languages that are held alike. */
function layersOf(runtimes: readonly Held[]) {
  const alike = Map.groupBy(runtimes, ({ layers }) => layers.join('\n'));
  return [...alike.values()].map((group) => ({
    languages: group.map(({ language }) => languageNames[language]).join(' and '),
    layers: group[0]?.layers ?? [],
  }));
}
