import type { CaseActivities, ClosedRun } from '../../../activities/interface.ts'

/** The run ends with cases that wait for people. */
export const closeWithCases = (): Promise<ClosedRun> =>
  Promise.resolve({ state: 'completedWithAlerts', undoUntil: null, openCases: 2 })

/** Takes every decision but those about a case that is closed; after they were carried out no case is left. */
export function standInCases(calls: string[] = []): CaseActivities {
  let open = 2
  return {
    decideCases: ({ decisions }) => {
      calls.push(`decideCases:${decisions.length}`)
      const refused = decisions
        .filter(({ caseId }) => caseId === 'closed')
        .map(({ caseId }) => ({ caseId, reason: 'the case is closed' }))
      return Promise.resolve({ decided: decisions.length - refused.length, refused })
    },
    processCases: () => {
      calls.push('processCases')
      open = 0
      return Promise.resolve({ runIds: ['0198a000-0000-7000-8000-0000000000aa'], caseCount: 2 })
    },
    countCasesOf: () => Promise.resolve({ count: open }),
  }
}
