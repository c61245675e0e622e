import type { Command } from 'commander'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { printLine } from '../print.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/**
 * `rollbook completion <shell>`: prints the script that completes commands and options. It is made from the tree of
 * commands itself, knows no ids, and asks no server.
 */
export async function printCompletion(shell: string, program: Command): Promise<number> {
  const known = shells.find((name) => name === shell)
  if (known === undefined) {
    throw new CommandFailure(`"${shell}" is none of ${shells.join(', ')}`, exitCodes.wrongUsage)
  }
  const words = listWords(program)
  await printLine(known === 'fish' ? writeFish(words) : writeBash(words, known === 'zsh'))
  return exitCodes.done
}

/** What may follow each path of commands, `''` being the program itself. */
function listWords(command: Command, path: readonly string[] = []): [path: string, words: string[]][] {
  const parts = command.commands.filter((part) => part.name() !== 'help')
  const options = command.options.flatMap(({ long }) => (typeof long === 'string' ? [long] : []))
  const own: [string, string[]] = [path.join(' '), [...parts.map((part) => part.name()), ...options].sort()]
  return [own, ...parts.flatMap((part) => listWords(part, [...path, part.name()]))]
}

function writeBash(words: readonly [string, readonly string[]][], isZsh: boolean): string {
  const cases = words.map(([path, next]) => `    '${path}') words='${next.join(' ')}' ;;`)
  return [
    ...(isZsh ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_rollbook() {',
    '  local path="" word words="" current="${COMP_WORDS[COMP_CWORD]}"',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in -*) ;; *) case " ' + paths(words) + ' " in',
    '      *" ${path:+${path}_}${word} "*) path="${path:+${path}_}${word}" ;; esac ;; esac',
    '  done',
    '  case "${path//_/ }" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))',
    '}',
    'complete -F _rollbook rollbook',
  ].join('\n')
}

function paths(words: readonly [string, readonly string[]][]): string {
  return words.map(([path]) => path.replaceAll(' ', '_')).join(' ')
}

function writeFish(words: readonly [string, readonly string[]][]): string {
  return words
    .flatMap(([path, next]) => {
      const seen = path === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path.split(' ').at(-1)}`
      return next.map((word) =>
        word.startsWith('--')
          ? `complete -c rollbook -n '${seen}' -l ${word.slice(2)}`
          : `complete -c rollbook -f -n '${seen}' -a ${word}`,
      )
    })
    .join('\n')
}
