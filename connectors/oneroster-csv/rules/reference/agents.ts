import { RoleBit } from '../../index/codes.ts'
import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** R-09 in its worst case: a user who is their own agent. */
function checkSelfAgent(isSelf: boolean): Problem | undefined {
  if (!isSelf) return undefined
  return problem('The user is listed as an agent of themselves: agents are other users, such as parents.')
}

/** R-09 in the case of a teacher; both given as bits of `RoleBit`. */
export function checkAgentRole(userRoles: number, agentRoles: number): Problem | undefined {
  const family = RoleBit.guardian | RoleBit.parent | RoleBit.relative
  const isOnlyTeacher = (agentRoles & RoleBit.teacher) !== 0 && (agentRoles & family) === 0
  if ((userRoles & RoleBit.student) === 0 || !isOnlyTeacher) return undefined
  return lesserProblem(
    'An agent of this student is a teacher: teachers belong to a student by enrollments, not as agents.',
  )
}

/** R-09 in the case of a relation that only one side tells. */
export function checkMutualAgents(isMutual: boolean): Problem | undefined {
  if (isMutual) return undefined
  return lesserProblem('An agent of this user does not list the user in return, or the other way round: list both.')
}

export const agents: Rule<typeof checkSelfAgent> = {
  id: 'R-09',
  title: 'an agent is no user, the user itself or a teacher of the student, or does not list the user in return',
  severity: { strict: undefined, default: 'error' },
  lesserSeverity: { strict: undefined, default: 'warning' },
  appliesTo: 'cell',
  check: checkSelfAgent,
}
