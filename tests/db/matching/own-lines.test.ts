import assert from 'node:assert/strict'
import { defaultBudgets, drawLines } from '../../../domain/matching/draw-lines.ts'
import { useEmptyRig } from '../empty-rig.ts'
import { createMatchingDistrict, type PlantedValues } from './matching-rig.ts'

const empty = useEmptyRig()

/** 800 pupils, all of other families; of some families two, born on one day under names that sound alike. */
function inventPupils(twinsOfEvery: number): PlantedValues[] {
  return Array.from({ length: 800 }, (_, index) => {
    const isTwin = twinsOfEvery > 0 && index % twinsOfEvery === 1
    const family = isTwin ? index - 1 : index
    return {
      given_name: isTwin ? 'Marla' : ['Marta', 'Tobias', 'Yusuf', 'Ingrid'][index % 4],
      family_name: nameFamily(family),
      birth_date: new Date(Date.UTC(2010, 0, 1 + family * 3)).toISOString().slice(0, 10),
      username: `pupil${index}`,
    }
  })
}

/** Four syllables, no two numbers alike. */
function nameFamily(number: number): string {
  const syllables = ['bo', 'den', 'fir', 'gul', 'has', 'kep', 'lom', 'mir', 'nat', 'rus']
  const digits = Array.from(String(7_919 * (number + 1)).padStart(7, '0'), (digit) => syllables[Number(digit)])
  return digits.slice(-5).join('')
}

/** The lines of a run that brings a pupil whose name sounds like that of one who is held. */
async function findLines(pupils: readonly PlantedValues[]) {
  await empty.rig.owner.query('truncate match_keys, match_records, match_names, match_strangers')
  const district = createMatchingDistrict(empty.rig)
  await district.hold(pupils)
  const [held] = pupils
  const { bestScores, evidence } = await district.find(
    await district.stage([{ ...held, given_name: 'Marla', username: 'new' }]),
  )
  assert.ok((bestScores[0] ?? 0) > 0.05, String(bestScores[0]))
  assert.equal(evidence?.strangers.count, pupils.length)
  const alone = drawLines([...bestScores])
  return { alone, drawn: drawLines([...bestScores], defaultBudgets, evidence) }
}

describe('the lines of matching', () => {
  it('are those of the scores where nobody of the district resembles anybody', async () => {
    const { alone, drawn } = await findLines(inventPupils(0))
    assert.deepEqual(drawn, alone)
  })

  it('rise in a district where people resemble each other and are not one', async () => {
    const { alone, drawn } = await findLines(inventPupils(4))
    assert.ok(drawn.likely > alone.likely || drawn.possible > alone.possible, JSON.stringify({ alone, drawn }))
  })

  it('are drawn by a sample that is made once, and anew with the keys', async () => {
    await findLines(inventPupils(0))
    const district = createMatchingDistrict(empty.rig)
    const again = await district.find(await district.stage([{ given_name: 'Noor', family_name: 'Zapata' }]))
    const { rows } = await empty.rig.owner.query('select sampled from match_strangers')
    assert.deepEqual(rows, [{ sampled: 800 }])
    assert.equal(again.evidence?.strangers.count, 800)
  })
})
