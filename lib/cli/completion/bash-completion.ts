import type { CompletedCommand, Completion, CompletionTree } from './completion-tree.ts';

/** A script that teaches bash to complete the program; works with bash 3.2 and needs no package. */
export function bashCompletion({ program, options, commands }: CompletionTree): string {
  const first = [...commands.map(({ name }) => name), ...options.flatMap(({ names }) => names)];
  return `# bash completion of ${program}
_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" flags='' takes=free
  # bash cuts --flag=value into three words.
  if [ "$current" = '=' ]; then
    current=''
  elif [ "$previous" = '=' ]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${first.join(' ')}' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join('\n')}
    *) return ;;
  esac
  case "$current" in
    -*) takes=$flags ;;
  esac
  case "$takes" in
    file)
      local IFS=$'\\n'
      COMPREPLY=($(compgen -f -- "$current"))
      ;;
    folder)
      local IFS=$'\\n'
      COMPREPLY=($(compgen -d -- "$current"))
      ;;
    free) ;;
    *) COMPREPLY=($(compgen -W "$takes" -- "$current")) ;;
  esac
}
complete -o filenames -o bashdefault -F _${program} ${program}
`;
}

function commandCase({ name, options, operand }: CompletedCommand): string {
  const valued = options.flatMap(({ names, value }) =>
    value === null ? [] : [`        ${names.join('|')}) takes='${takes(value)}' flags='' ;;`],
  );
  const flags = options.flatMap(({ names }) => names).join(' ');
  return `    ${name})
      takes='${takes(operand)}' flags='${flags}'
      case "$previous" in
${[...valued, '        *) ;;'].join('\n')}
      esac
      ;;`;
}

function takes(completion: Completion): string {
  return completion.kind === 'words' ? completion.words.join(' ') : completion.kind;
}
