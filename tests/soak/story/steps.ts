import { testFlag, type DistrictStory } from './district-story.ts'
import { valuesOf, type SourcePackage, type Values } from '../model/source-row.ts'
import { emptyPlan, type HeldStudent, type PlannedCreate, type PlannedUpdate } from '../model/plan-import.ts'
import type { DuplicateCaseDocument } from '../../../api/contract/duplicate-case.ts'
import type { PrintedRecord } from '../../end-to-end/district-on-stack.ts'

type Step = (story: DistrictStory) => Promise<void>

const editableColumns = { homeroom: 'homeroom', city: 'city', email: 'email', phone: 'phone' } as const

async function importAll(story: DistrictStory): Promise<void> {
  story.source.passDay()
  await story.settle(await story.bring(story.source.exportAll()))
}

async function importChanges(story: DistrictStory): Promise<void> {
  story.source.passDay()
  const changes = story.source.exportChanges()
  if (changes !== undefined) await story.settle(await story.bring(changes))
}

/** The same bytes once more. */
async function importAgain(story: DistrictStory): Promise<void> {
  const { last } = story
  if (last?.source.mode !== 'bulk') return
  await story.settle(await story.bring(last.source, last.bytes))
}

async function importTwins(story: DistrictStory): Promise<void> {
  const open = story.findAsked(story.source.exportAll())
  if (!story.source.enterAnew(open.size)) return
  await story.settle(await story.bring(story.source.exportAll()))
  await checkCases(story)
}

/** Everybody whom the model would ask about is asked about, and nobody else with any weight. */
async function checkCases(story: DistrictStory): Promise<void> {
  if (story.held !== undefined || story.last === undefined) return
  const expected = [...story.findAsked(story.last.source)].sort()
  const cases = (await story.api.listCases()).filter(({ strength }) => strength === 'likely')
  const open = cases.map(({ incoming }) => incoming.sisId).sort()
  if (JSON.stringify(open) !== JSON.stringify(expected)) {
    story.fault('unexpected end', `asked about ${open.join(', ')}, and should ask about ${expected.join(', ')}`)
  }
}

/** Ways to be held: a third is missing, everybody has a new number, a fifth is spoiled. */
async function importDangerous(story: DistrictStory): Promise<void> {
  const what = story.chance.pick(['exportPart', 'exportRenumbered', 'exportSpoiled'] as const)
  story.tell(what)
  await story.settle(await story.bring(story.source[what]()))
}

async function importBroken(story: DistrictStory): Promise<void> {
  const whole = story.write(story.source.exportAll())
  const what = story.chance.pick(['half', 'noise', 'nobody'] as const)
  const nobody: SourcePackage = { mode: 'bulk', rows: [], hasDemographics: false, isUsable: false }
  const bytes = {
    half: whole.subarray(0, whole.length / 2),
    noise: Buffer.alloc(5000, 'no archive '),
    nobody: story.write(nobody),
  }
  story.tell(`broken: ${what}`)
  const runId = await story.api.upload(bytes[what])
  story.know(runId)
  story.journal.count('imports of broken packages')
  await story.settle({ runId, source: nobody })
}

async function testImport(story: DistrictStory): Promise<void> {
  story.source.passDay()
  const source = story.source.exportAll()
  const { runId } = await story.bring(source, story.write(source), testFlag)
  const run = await story.api.awaitRest(runId)
  if (run.state !== 'tested' && run.state !== 'unchanged') {
    story.fault('unexpected end', `test import ${runId} is ${run.state}`)
  }
}

/** Two packages, the second while the first is under way. The first is in before the second, or gives way to it. */
async function importTwoAtOnce(story: DistrictStory): Promise<void> {
  story.source.passDay()
  // By upload: in a folder the second would take the place of the first before that is fetched.
  const earlier = story.source.exportAll()
  const first = await story.bring(earlier, story.write(earlier), '')
  story.source.passDay()
  await story.pause(1500)
  const later = story.source.exportAll()
  const second = await story.bring(later, story.write(later), '')
  await story.api.awaitRest(second.runId)
  await story.settle(first, ['discarded'])
  await story.settle(second)
}

async function cancelImport(story: DistrictStory): Promise<void> {
  story.source.passDay()
  const brought = await story.bring(story.source.exportAll())
  await story.pause(2000)
  const isTaken = await story.api.cancel(brought.runId)
  story.tell(`cancel ${isTaken ? 'taken' : 'too late'}`)
  // A run that is about to end may be held a moment longer.
  if (isTaken) await story.api.awaitRest(brought.runId, ({ state }) => state !== 'held')
  const run = await story.settle(brought, ['cancelled'])
  const { created, updated, deactivated, reactivated } = run.counts
  if (run.state === 'cancelled' && created + updated + deactivated + reactivated > 0) {
    story.fault('unexpected end', `run ${brought.runId} was cancelled with a part applied; the model cannot say which`)
  }
}

/** Somebody works on a field that no package has, while an import is under way. */
async function editBeside(story: DistrictStory): Promise<void> {
  story.source.passDay()
  const source = story.source.exportAll()
  const people = new Set(source.rows.map(({ person }) => person.identifier))
  const students = [...story.model.students.values()].filter(({ values }) => people.has(values['sisId'] ?? ''))
  const brought = await story.bring(source)
  for (const { key, values } of story.chance.some(students, 5)) {
    const room = `Room ${story.chance.between(1, 400)}`
    await story.api.edit(values['sisId'] ?? '', 'homeroom', room)
    story.model.edit(key, 'homeroom', room)
    await story.pause(300)
  }
  story.journal.count('edits beside an import', 5)
  await story.settle(brought)
}

async function editRecords(story: DistrictStory): Promise<void> {
  const students = [...story.model.students.values()]
  for (const { key, values } of story.chance.some(students, story.chance.between(1, 6))) {
    // Nobody makes somebody active of whom an undo left nothing but a name.
    const isStatus = story.chance.percent(10) && values['sisId']?.includes('~') !== true
    const field = isStatus ? 'status' : story.chance.pick(Object.keys(editableColumns))
    const value = isStatus ? story.chance.pick(['active', 'inactive']) : `${field} ${story.chance.between(1, 99)}`
    story.tell(`edit ${values['sisId'] ?? ''} ${field}`)
    await story.api.edit(values['sisId'] ?? '', field, value)
    story.model.edit(key, field, value)
    story.held?.edited.add(key)
    story.journal.count('edits')
  }
}

async function undoRun(story: DistrictStory, runId: string, through: boolean, kind: string): Promise<void> {
  const outcome = await story.api.undo(runId, through)
  story.tell(`${kind} of ${runId}: ${typeof outcome === 'string' ? outcome.slice(0, 200) : outcome.state}`)
  if (typeof outcome === 'string') {
    story.fault('refused', `${kind} of ${runId} was refused: ${outcome.slice(0, 300)}`)
    return
  }
  story.journal.count(kind)
  for (const { runId: undoId, undoOf } of outcome.runs ?? [outcome]) {
    if (undoId === null) throw new Error(`an undo of ${undoOf} that is over has no id`)
    story.undone(undoOf, undoId)
  }
}

const undoLast: Step = async (story) => {
  const runId = story.model.standing.at(-1)
  if (runId !== undefined) await undoRun(story, runId, false, 'undo')
}

const redo: Step = async (story) => {
  const runId = story.model.lastChange
  if (runId !== undefined && story.model.isUndo(runId)) await undoRun(story, runId, false, 'undo of an undo')
}

const undoThrough: Step = async (story) => {
  const runId = story.model.standing.at(-story.chance.between(2, 3))
  if (runId !== undefined) await undoRun(story, runId, true, 'undo --through')
}

/** An older run cannot be taken back by itself. */
const undoOlder: Step = async (story) => {
  const runId = story.model.standing.at(-2)
  if (runId === undefined) return
  const outcome = await story.api.undo(runId, false)
  story.journal.count('undos that are refused')
  if (typeof outcome !== 'string') {
    story.fault('unexpected end', `the undo of ${runId}, which is not the last run, was carried out`)
    throw new Error('the model cannot follow')
  }
}

/** An undo asked for while an import is under way comes first, or is refused; the import goes on in both cases. */
async function undoBeside(story: DistrictStory): Promise<void> {
  const target = story.model.standing.at(-1)
  if (target === undefined) return
  story.source.passDay()
  const brought = await story.bring(story.source.exportAll())
  const heldBefore = story.expectHold(brought)
  await story.pause(2000)
  const outcome = await story.api.undo(target, false, 60_000)
  await story.api.awaitRest(brought.runId)
  story.tell(`undo beside: ${typeof outcome === 'string' ? 'refused' : outcome.state}`)
  story.journal.count(`undo beside an import: ${typeof outcome === 'string' ? 'refused' : 'carried out'}`)
  if (typeof outcome !== 'string') {
    if (outcome.runId === null) throw new Error('an undo that is over has no id')
    story.undone(target, outcome.runId)
  }
  await story.settle(brought, [], heldBefore)
}

/** Decides some of the open cases, and has that carried out; of the others nothing may be carried out. */
async function resolveCases(story: DistrictStory): Promise<void> {
  const cases = await story.api.listCases()
  const decided = cases.filter(({ decision }) => decision !== null)
  if (decided.length > 0) {
    story.fault('unexpected end', `decided by nobody: ${decided.map(({ incoming }) => incoming.sisId).join(', ')}`)
  }
  const open = cases.filter(({ strength }) => strength === 'likely')
  if (open.length === 0) return
  const choices = story.chance.some(open, story.chance.between(1, open.length)).map((one) => ({
    ...one,
    action: story.chance.percent(60) ? 'match' : 'create',
    recordId: one.candidates[0]?.recordId ?? '',
  }))
  const decisions = choices.map(({ caseId, action, recordId }) => ({
    caseId,
    action,
    ...(action === 'match' && { recordId }),
  }))
  // Somebody else says the same once more.
  const refused = [...(await story.api.decide(decisions)), ...(await story.api.decide(decisions))]
  if (refused.length > 0) story.fault('refused', `decisions were refused: ${refused.join('; ')}`)
  const before = await story.api.records()
  const runIds = await story.api.processCases()
  story.tell(`decided ${choices.map(({ action }) => action).join(', ')}: runs ${runIds.join(', ')}`)
  for (const runId of runIds) {
    story.know(runId)
    const run = await story.api.awaitRest(runId)
    if (run.state !== 'completed' && run.state !== 'completedWithAlerts') {
      story.fault('unexpected end', `resolution ${runId} is ${run.state}: ${run.closedReason ?? ''}`)
      return
    }
  }
  const [runId, ...more] = runIds
  if (runId === undefined || more.length > 0) {
    story.fault('unexpected end', `${choices.length} decisions were carried out by ${runIds.length} runs`)
  }
  if (runId !== undefined) await tellDecisions(story, runId, { choices, before })
}

type Decisions = {
  readonly choices: readonly (DuplicateCaseDocument & { readonly action: string; readonly recordId: string })[]
  /** The records before they were carried out. */
  readonly before: ReadonlyMap<string, PrintedRecord>
}

async function tellDecisions(story: DistrictStory, runId: string, { choices, before }: Decisions): Promise<void> {
  const after = await story.api.records()
  const sisIdOf = new Map([...before.values()].map((record) => [record['recordId'], record['sisId']]))
  const bySisId = new Map([...story.model.students.values()].map((student) => [student.values['sisId'], student]))
  const creates: PlannedCreate[] = []
  const updates: PlannedUpdate[] = []
  for (const { caseId, runId: seenBy, incoming, action, recordId } of choices) {
    story.journal.count(`decisions: ${action}`)
    const { sisId } = incoming
    const { row, source } = story.getAsked(seenBy, sisId)
    const values = { ...valuesOf(row, source), status: 'active' }
    const candidate = action === 'create' ? findMade(story, caseId, values) : bySisId.get(sisIdOf.get(recordId))
    if (action === 'match' && row.resembles !== candidate?.values['sisId']) {
      story.fault('unexpected end', `the best candidate of ${sisId} is not ${row.resembles ?? ''}`)
    }
    if (candidate !== undefined) updates.push({ key: candidate.key, changes: values })
    else {
      const whenUndone = { sisId: `${sisId}~${after.get(sisId)?.['recordId'] ?? ''}`, sourceKey: '' }
      creates.push({ row, values, whenUndone })
    }
  }
  story.model.apply(runId, { ...emptyPlan, creates, updates })
  const keys = new Map([...story.model.students.values()].map(({ key, values }) => [values['sisId'], key]))
  for (const { caseId, incoming, action } of choices) {
    const key = keys.get(incoming.sisId)
    if (action === 'create' && key !== undefined) story.madeIn.set(caseId, key)
  }
}

/** Whom an undone decision about the same case had made, inactive still: she is taken up again. */
function findMade(story: DistrictStory, caseId: string, incoming: Values): HeldStudent | undefined {
  const made = story.model.students.get(story.madeIn.get(caseId) ?? '')
  const isSame = ['givenName', 'familyName', 'birthDate'].every((field) => made?.values[field] === incoming[field])
  if (made?.values['status'] !== 'inactive' || !isSame) return undefined
  story.journal.count('decisions: create once more')
  return made
}

const steps = {
  ...{ importAll, importChanges, importAgain, importTwins, importDangerous, importBroken, testImport, importTwoAtOnce },
  ...{ cancelImport, editBeside, editRecords, undoLast, redo, undoThrough, undoOlder, undoBeside, resolveCases },
  approve: (story: DistrictStory) => story.decide('approve'),
  discard: (story: DistrictStory) => story.decide('discard'),
} satisfies Record<string, Step>
type StepName = keyof typeof steps

const usualWeights: Readonly<Partial<Record<StepName, number>>> = {
  importAll: 6,
  importChanges: 4,
  importAgain: 2,
  importTwins: 4,
  importDangerous: 5,
  importBroken: 2,
  testImport: 1,
  importTwoAtOnce: 3,
  cancelImport: 1,
  editBeside: 3,
  editRecords: 5,
  undoLast: 4,
  redo: 3,
  undoThrough: 2,
  undoOlder: 1,
  undoBeside: 2,
  resolveCases: 5,
}
/** While a run waits for a person: mostly somebody decides, sometimes a newer run comes. */
const heldWeights: Readonly<Partial<Record<StepName, number>>> = {
  approve: 4,
  discard: 3,
  importAll: 2,
  importDangerous: 1,
  importBroken: 1,
  editRecords: 2,
}

/** One step that chance chooses, and then the comparison of the tables. */
export async function takeStep(story: DistrictStory): Promise<void> {
  const name = story.chance.weighted(story.held === undefined ? usualWeights : heldWeights)
  story.tell(`— ${name}`)
  story.journal.count(`step ${name}`)
  try {
    await steps[name](story)
    await story.compare()
  } catch (error) {
    await story.beginAnew(error)
  }
}
