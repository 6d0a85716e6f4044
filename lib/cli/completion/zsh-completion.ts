import type { CompletedCommand, CompletedOption, Completion, CompletionTree } from './completion-tree.ts';

/** A script that teaches zsh to complete the program: to be sourced, or kept as `_PROGRAM` in a folder of fpath. */
export function zshCompletion({ program, options, commands }: CompletionTree): string {
  const described = commands.map(({ name, description }) => quoted(`${name}:${description}`));
  return `#compdef ${program}
_${program}() {
  local -a commands
  commands=(
${described.map((one) => `    ${one}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments ${options.map(optionSpec).join(' ')}
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map(commandCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _${program} ]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}

function commandCase({ name, options, operand }: CompletedCommand): string {
  const specs = [...options.map(optionSpec), quoted(`*:${actionOf(operand, name)}`)];
  return `    ${name})
      _arguments ${specs.join(' \\\n        ')}
      ;;`;
}

/** \`*\`: it may be given again. */
function optionSpec({ names, description, value }: CompletedOption): string {
  const told = description.replace(/[[\]\\:]/g, '\\$&');
  const action = value === null ? '' : `:${actionOf(value, 'value')}`;
  return names.map((name) => quoted(`*${name}[${told}]${action}`)).join(' ');
}

function actionOf(completion: Completion, what: string): string {
  switch (completion.kind) {
    case 'words':
      return `${what}:(${completion.words.join(' ')})`;
    case 'file':
      return `${what}:_files`;
    case 'folder':
      return `${what}:_files -/`;
    case 'free':
      return `${what}: `;
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
