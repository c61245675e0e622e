import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { decideCases } from '../../db/resolution/decide-cases.ts'
import { findCandidate, readCandidateNames } from '../../db/resolution/find-candidate.ts'
import { listCases, listMembers, readCaseValues } from '../../db/resolution/list-cases.ts'
import { openResolution } from '../../db/resolution/open-resolution.ts'
import { openUnmerge } from '../../db/resolution/open-unmerge.ts'
import { withDistrict } from '../../db/database.ts'
import type { RunRow } from '../../db/import/runs.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { toCaseDocument } from '../resolution/case-document.ts'
import {
  DecideCase,
  DecideCases,
  DecidedCases,
  DuplicateCaseDocument,
  ProcessCases,
  ProcessedCases,
} from '../contract/duplicate-case.ts'
import { Refusal } from '../failures.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { makeRunId } from '../import/run-id.ts'
import { mayViewValues } from '../access/grants.ts'
import { enterCase, enterDistrict, type Scope } from '../access/scope.ts'
import { startWorkflowOf } from '../import/start-run.ts'

const slug = z.object({ district: z.string() })

const list = createRoute({
  method: 'get',
  path: '/api/districts/{district}/cases',
  summary: 'Open cases (duplicates, identity conflicts), oldest first; names and dates only with the right viewValues',
  request: { params: slug, query: z.object({ dataType: z.string().optional() }) },
  responses: { 200: jsonAnswer('The cases', z.array(DuplicateCaseDocument)), default: problemAnswer },
})

const decide = createRoute({
  method: 'post',
  path: '/api/districts/{district}/cases/decisions',
  summary: 'Decide cases, each for itself: match, create, exchange, leave, or cancel a decision',
  request: {
    params: slug,
    body: { required: true, content: { 'application/json': { schema: DecideCases } } },
  },
  responses: { 200: jsonAnswer('What became of the decisions', DecidedCases), default: problemAnswer },
})

const decideOne = createRoute({
  method: 'post',
  path: '/api/cases/{id}/decision',
  summary: 'Decide one duplicate case',
  request: {
    params: z.object({ id: z.uuid() }),
    body: { required: true, content: { 'application/json': { schema: DecideCase } } },
  },
  responses: { 200: jsonAnswer('The case', DuplicateCaseDocument), default: problemAnswer },
})

const carryOut = createRoute({
  method: 'post',
  path: '/api/districts/{district}/cases/process',
  summary: 'Carry out what was decided; undecided cases stay open',
  request: {
    params: slug,
    body: { required: true, content: { 'application/json': { schema: ProcessCases } } },
  },
  responses: { 202: jsonAnswer('The runs that carry it out', ProcessedCases), default: problemAnswer },
})

const unmerge = createRoute({
  method: 'post',
  path: '/api/cases/{id}/unmerge',
  summary: 'Take a decision back that was carried out: a match, or that the feed is wrong',
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 202: jsonAnswer('The run that takes it back', ProcessedCases), default: problemAnswer },
})

export function addCaseRoutes(api: Api): void {
  api.openapi(list, async (context) => {
    const scope = await enterDistrict(context, context.req.valid('param').district, 'view', 'schools')
    const { dataType } = context.req.valid('query')
    const showsValues = mayViewValues(context.get('caller'), scope.districtId)
    const documents = await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      const cases = await listCases(trx, { districtId: scope.districtId, dataType })
      const members = await listMembers(trx, cases)
      const values = showsValues ? await readCaseValues(trx, cases, members) : undefined
      const names = await readCandidateNames(trx, cases, members)
      return cases.map((row) => toCaseDocument(row, { district: scope.district, members, values, names }))
    })
    return context.json(documents, 200)
  })

  api.openapi(decide, async (context) => {
    const { districtId } = await enterDistrict(context, context.req.valid('param').district, 'resolve')
    const decisions = context.req.valid('json').decisions.map(({ caseId, action, recordId }) => ({
      caseId,
      action,
      ...(recordId !== undefined && { recordId }),
    }))
    const by = context.get('caller').name
    const decided = await withDistrict(context.get('parts').db, districtId, (trx) =>
      decideCases(trx, { districtId, decisions, by }),
    )
    return context.json({ decided: decided.decided, refused: [...decided.refused] }, 200)
  })

  api.openapi(decideOne, async (context) => {
    const { id } = context.req.valid('param')
    const { districtId, district } = await enterCase(context, id, 'resolve')
    const { action, candidate, ...named } = context.req.valid('json')
    const by = context.get('caller').name
    const document = await withDistrict(context.get('parts').db, districtId, async (trx) => {
      const recordId = candidate === undefined ? named.recordId : await getCandidate(trx, id, candidate)
      const decision = { caseId: id, action, ...(recordId !== undefined && { recordId }) }
      const { refused } = await decideCases(trx, { districtId, decisions: [decision], by })
      const [refusal] = refused
      if (refusal !== undefined) throw new Refusal('CONFLICT', `The decision cannot be taken: ${refusal.reason}.`)
      const row = await trx.selectFrom('duplicateCases').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const members = await listMembers(trx, [row])
      const names = await readCandidateNames(trx, [row], members)
      return toCaseDocument(row, { district, members, values: undefined, names })
    })
    return context.json(document, 200)
  })

  api.openapi(carryOut, async (context) => {
    const scope = await enterDistrict(context, context.req.valid('param').district, 'resolve')
    const dataType = getKnownDataType(context.req.valid('json').dataType)
    const opened = await withDistrict(context.get('parts').db, scope.districtId, (trx) =>
      openResolution(trx, {
        districtId: scope.districtId,
        dataType,
        by: context.get('caller').name,
        newRun: () => makeNewRun(scope, dataType.name),
      }),
    )
    await startAll(context, opened.runs, scope.district)
    return context.json({ caseCount: opened.caseCount, runIds: opened.runs.map(({ id }) => id) }, 202)
  })

  api.openapi(unmerge, async (context) => {
    const { id } = context.req.valid('param')
    const scope = await enterCase(context, id, 'resolve')
    const opened = await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      const row = await trx
        .selectFrom('duplicateCases')
        .select('dataType')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      const dataType = getKnownDataType(row.dataType)
      return openUnmerge(trx, {
        districtId: scope.districtId,
        dataType,
        by: context.get('caller').name,
        caseId: id,
        newRun: () => makeNewRun(scope, dataType.name),
      })
    })
    if ('obstacle' in opened) {
      const code = opened.isExpired === true ? 'CASE_EXPIRED' : 'CONFLICT'
      throw new Refusal(code, `It cannot be taken back: ${opened.obstacle}.`)
    }
    const runs = opened.run === null ? [] : [opened.run]
    await startAll(context, runs, scope.district)
    return context.json({ caseCount: 1, runIds: runs.map(({ id: runId }) => runId) }, 202)
  })
}

async function getCandidate(trx: Parameters<typeof findCandidate>[0], caseId: string, wanted: string): Promise<string> {
  const found = await findCandidate(trx, caseId, wanted)
  if ('obstacle' in found) throw new Refusal('CONFLICT', `The decision cannot be taken: ${found.obstacle}.`)
  return found.recordId
}

function makeNewRun({ district }: Scope, dataType: string) {
  const id = makeRunId()
  return { id, workflowId: deriveRunWorkflowId(district, dataType, id) }
}

/** While Temporal is away they stay queued and are started when it is back. */
async function startAll(context: Context<AppEnvironment>, runs: readonly RunRow[], district: string): Promise<void> {
  const { workflows, log } = context.get('parts')
  for (const run of runs) {
    try {
      await startWorkflowOf(workflows, run, district)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      log.warn({ runId: run.id, code: error.code }, 'a run stays queued until Temporal is back')
    }
  }
}
