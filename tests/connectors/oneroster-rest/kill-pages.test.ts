import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openInput } from '../../../db/import/inputs/input-parts.ts'
import { startOneRosterRest, type StandIn } from '../../../simulators/oneroster-rest/start.ts'
import { useImportRig } from '../../activities/import-rig.ts'
import { until } from '../../harness/until.ts'

const wantedKills = 20
const file = join(import.meta.dirname, 'fetch-process.ts')

describe(`${wantedKills} kills of whoever fetches pages`, () => {
  let standIn: StandIn
  beforeAll(async () => {
    const district = { seed: 11, students: 400, studentsPerSchool: 60 }
    standIn = await startOneRosterRest({ district, pageCap: 10, faults: [{ name: 'slow', ms: 40 }] })
  })
  afterAll(() => standIn.close())
  const rig = useImportRig({
    connection: () => ({ connector: 'oneroster-rest', settings: { ...standIn.settings, pauseMs: 0 } }),
  })

  it('ask for no page more than twice, and leave the input as if nothing had happened', async () => {
    const calm = await rig.giveRun(null)
    await rig.fetch(calm)
    standIn.clearRequests()
    const run = await rig.giveRun(null)
    const begin = () =>
      spawn(process.execPath, [file, run.districtId, run.runId], {
        env: { ...process.env, ...rig.settings },
        stdio: 'inherit',
      })
    let kills = 0
    for (; kills < wantedKills; kills++) {
      const asked = standIn.requests().length
      const attempt = begin()
      const ended = once(attempt, 'exit')
      // It has asked for one page more than the one that the kill before it cost.
      const wanted = asked + 2 + (kills % 3)
      await until(() => attempt.exitCode !== null || standIn.requests().length >= wanted)
      assert.equal(attempt.exitCode, null, 'there are more pages than kills')
      attempt.kill('SIGKILL')
      await ended
    }
    const [code] = (await once(begin(), 'exit')) as [number]
    assert.equal(code, 0)
    for (const { path, page, count } of standIn.pages()) assert.ok(count <= 2, `${path} ${page}: ${count} times`)
    const twice = standIn.pages().filter(({ count }) => count === 2)
    assert.ok(twice.length > 0 && twice.length <= kills)
    const [undisturbed, killed] = [await rig.readRun(calm), await rig.readRun(run)]
    // The same pages are the same input, and are kept once.
    assert.deepEqual(
      [killed.inputFileId, killed.inputSha256, killed.inputBytes],
      [undisturbed.inputFileId, undisturbed.inputSha256, undisturbed.inputBytes],
    )
    const { parts } = await openInput(rig.db, rig.districtId, killed.inputFileId ?? '')
    assert.ok(parts.length > wantedKills)
    assert.equal((await rig.ask('select from archived_files')).length, 1)
    await rig.importAll(run)
    assert.equal((await rig.readRun(run)).state, 'completed')
  })
})
