import { givenNameGroups } from './given-name-groups.ts'
import { foldText } from './fold-text.ts'

/** Numbers of the groups that a name belongs to: `alex` is in that of Alexander, Alexandra, Alejandro and more. */
const groupsOf = new Map<string, number[]>()
const neighbours = new Map<string, Set<string>>()

givenNameGroups.forEach((line, group) => {
  const names = line.split(' ').map(foldText)
  for (const name of names) {
    const groups = groupsOf.get(name)
    if (groups === undefined) groupsOf.set(name, [group])
    else if (!groups.includes(group)) groups.push(group)
    const known = neighbours.get(name) ?? new Set<string>()
    for (const other of names) if (other !== name) known.add(other)
    neighbours.set(name, known)
  }
})

/** True for two forms of one given name (`bill`, `william`). Both folded (foldText), and not equal. */
export function areFormsOfOneName(a: string, b: string): boolean {
  const groups = groupsOf.get(a)
  const others = groups === undefined ? undefined : groupsOf.get(b)
  return groups !== undefined && others !== undefined && groups.some((group) => others.includes(group))
}

/** The other forms of a folded given name; none when the list does not know it. */
export function listOtherForms(name: string): readonly string[] {
  return [...(neighbours.get(name) ?? [])]
}
