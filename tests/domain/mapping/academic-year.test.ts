import assert from 'node:assert/strict'
import { chooseAcademicYear, isUndecided } from '../../../domain/mapping/academic-year.ts'

const years = { inForce: 2027, byDate: 2028 }
const vote = (schoolId: string | null, year: number, count: number) => ({ schoolId, year, count })

describe('the academic year of a feed', () => {
  it('is that of the day where nobody is held', () => {
    assert.deepEqual(chooseAcademicYear([], years), { year: 2028, schools: [] })
  })

  it('is the one under which most keep their class year, wherever they are', () => {
    const votes = [vote('a', 2028, 4), vote('b', 2027, 2), vote('b', 2028, 2), vote(null, 2026, 1)]
    assert.deepEqual(chooseAcademicYear(votes, years), { year: 2028, schools: [] })
  })

  it('stays where as many say one as another', () => {
    assert.equal(chooseAcademicYear([vote('a', 2028, 3), vote('b', 2027, 3)], years).year, 2027)
    assert.equal(chooseAcademicYear([vote('b', 2027, 3), vote('a', 2028, 3)], years).year, 2027)
  })

  it('is another for a school most of whose students say so, if they are not a handful', () => {
    const votes = [
      vote('a', 2027, 40),
      vote('b', 2028, 5),
      vote('b', 2027, 4),
      vote('c', 2028, 4),
      vote('d', 2028, 3),
      vote('d', 2027, 3),
    ]
    assert.deepEqual(chooseAcademicYear(votes, years), { year: 2027, schools: [{ schoolId: 'b', year: 2028 }] })
  })

  it('is not in doubt while those that changed are for the year in force', () => {
    assert.equal(isUndecided([vote('a', 2027, 4), vote('a', 2028, 3)], 2027), false)
    assert.equal(isUndecided([vote('a', 2028, 1)], 2027), true)
    assert.equal(isUndecided([vote('a', 2027, 20), vote('b', 2028, 5)], 2027), true)
  })
})
