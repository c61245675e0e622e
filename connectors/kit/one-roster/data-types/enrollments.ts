import { isBlank } from '../rows/cell-text.ts'
import { createRowRecord, isWithdrawn, type OneRosterType } from './one-roster-type.ts'

/** Every row of enrollments.csv as it is; whether class and user are held is found out where they are. */
export const enrollments: OneRosterType = {
  dataType: 'enrollments',
  collections: [
    {
      name: 'enrollments',
      kind: 'records',
      columns: [
        ...[
          'sourcedId',
          'classSourcedId',
          'schoolSourcedId',
          'userSourcedId',
          'role',
          'primary',
          'beginDate',
          'endDate',
        ],
      ],
    },
  ],
  mapping: {
    fields: {
      sisId: { from: 'enrollments.sourcedId' },
      classId: { from: 'enrollments.classSourcedId' },
      userId: { from: 'enrollments.userSourcedId' },
      role: { from: 'enrollments.role' },
      beginDate: { from: 'enrollments.beginDate' },
      endDate: { from: 'enrollments.endDate' },
      primary: { from: 'enrollments.primary' },
      schoolId: { from: 'enrollments.schoolSourcedId' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'enrollments'],
  file: 'enrollments',
  besides: [],
  needs: ['enrollments'],
  followsChanges: ['enrollments'],
  start: (context) => (file, mode, positions) => {
    if (file !== 'enrollments') return undefined
    const { facts, sink } = context
    const record = createRowRecord(context, { file, mode, positions })
    const [key, status] = [positions.get('sourcedId') ?? -1, positions.get('status') ?? -1]
    return {
      row: (row, isAccepted) => {
        if (!isAccepted && isBlank(row, key)) facts.everyRowHasKey = false
        facts.rowCount++
        if (isAccepted) facts.acceptedCount++
        sink.record(record.show(row, !isAccepted ? 'rejected' : isWithdrawn(row, status) ? 'inactive' : 'active'))
      },
    }
  },
}
