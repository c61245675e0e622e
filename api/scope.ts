import type { Context } from 'hono'
import { findDistrictBySlug, listDistricts } from '../db/queries/districts.ts'
import { findDistrictOf } from '../db/queries/find-district-of.ts'
import type { AppEnvironment } from './app-environment.ts'
import type { Right } from './contract/rights.ts'
import { mayEnter, requireRight } from './authenticate.ts'
import { Refusal } from './failures.ts'

/** The district that a request is about; the caller has been found to have the right there. */
export type Scope = { readonly districtId: string; readonly district: string }

type ApiContext = Context<AppEnvironment>

/** The district of this name. Throws a Refusal: NOT_FOUND also for a district that the caller may not enter. */
export async function enterDistrict(context: ApiContext, slug: string, right: Right): Promise<Scope> {
  const caller = context.get('caller')
  const district = await findDistrictBySlug(context.get('parts').db, slug)
  if (district === undefined || !mayEnter(caller, district.id)) {
    throw new Refusal('NOT_FOUND', 'There is no district of this name; `rollbook district list` shows them.')
  }
  requireRight(caller, right)
  return { districtId: district.id, district: district.slug }
}

/** The districts that the caller may enter. */
export async function listScopes(context: ApiContext, right: Right): Promise<Scope[]> {
  const caller = context.get('caller')
  requireRight(caller, right)
  const districts = await listDistricts(context.get('parts').db)
  return districts.filter(({ id }) => mayEnter(caller, id)).map(({ id, slug }) => ({ districtId: id, district: slug }))
}

export function enterRun(context: ApiContext, runId: string, right: Right): Promise<Scope> {
  return enterByOwn(context, 'importRuns', runId, right)
}

export function enterCase(context: ApiContext, caseId: string, right: Right): Promise<Scope> {
  return enterByOwn(context, 'duplicateCases', caseId, right)
}

export function enterConnection(context: ApiContext, connectionId: string, right: Right): Promise<Scope> {
  return enterByOwn(context, 'connections', connectionId, right)
}

/** What belongs to a district never moves to another, so the answer is kept while the process lives. */
const knownOwners = new Map<string, string>()
const maxKnownOwners = 10_000

async function enterByOwn(
  context: ApiContext,
  table: 'importRuns' | 'connections' | 'duplicateCases',
  id: string,
  right: Right,
): Promise<Scope> {
  const scopes = await listScopes(context, right)
  let districtId = knownOwners.get(`${table} ${id}`)
  if (districtId === undefined) {
    const ids = scopes.map((scope) => scope.districtId)
    districtId = await findDistrictOf(context.get('parts').db, table, id, ids)
    if (knownOwners.size >= maxKnownOwners) knownOwners.clear()
    if (districtId !== undefined) knownOwners.set(`${table} ${id}`, districtId)
  }
  const scope = scopes.find((candidate) => candidate.districtId === districtId)
  if (scope !== undefined) return scope
  const what = { importRuns: 'run', connections: 'connection', duplicateCases: 'duplicate case' }[table]
  throw new Refusal('NOT_FOUND', `There is no ${what} of this id in a district that the token may enter.`)
}
