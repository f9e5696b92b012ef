import { Argument, type Command } from 'commander';
import type { CliIo } from '../io.ts';

// Words for the shells to complete, as a script that holds them all: nothing is started at a keystroke.

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** `signalbox completion bash|zsh|fish`: a script for the shell’s start-up file. */
export function registerCompletionCommand(program: Command, io: CliIo): void {
  program
    .command('completion')
    .description('completion for a shell: eval "$(signalbox completion bash)"')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell) => {
      io.stdout.write(completionScript(shell, wordsOf(program)));
    });
}

/** What may follow each path of commands: `""`, `runs`, `runs list`. */
type Words = ReadonlyMap<string, readonly string[]>;

function wordsOf(program: Command): Words {
  const help = program.createHelp();
  const words = new Map<string, readonly string[]>();
  const visit = (command: Command, path: readonly string[]): void => {
    const below = help.visibleCommands(command);
    const options = help.visibleOptions(command).map(({ long, short }) => long ?? short ?? '');
    words.set(path.join(' '), [...below.map((each) => each.name()), ...options]);
    for (const each of below) if (each.name() !== 'help') visit(each, [...path, each.name()]);
  };
  visit(program, []);
  return words;
}

function completionScript(shell: Shell, words: Words): string {
  if (shell === 'fish') return fishScript(words);
  const cases = [...words].map(([path, each]) => `    '${path}') echo '${each.join(' ')}' ;;`);
  const bash = `_signalbox_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_signalbox() {
  local word path='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    _signalbox_words "\${path:+$path }$word" >/dev/null && path="\${path:+$path }$word"
  done
  COMPREPLY=($(compgen -W "$(_signalbox_words "$path")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _signalbox signalbox
`;
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash}` : bash;
}

function fishScript(words: Words): string {
  const cases = [...words].map(
    ([path, each]) => `    case '${path}'\n      printf '%s\\n' ${each.join(' ')}`,
  );
  return `function __signalbox_words
  switch "$argv[1]"
${cases.join('\n')}
    case '*'
      return 1
  end
end
function __signalbox_complete
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l longer (string trim -- "$path $word")
    __signalbox_words "$longer" >/dev/null; and set path "$longer"
  end
  __signalbox_words "$path"
end
complete -c signalbox -a '(__signalbox_complete)'
`;
}
