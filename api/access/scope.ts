import type { Context } from 'hono'
import { findDistrict, findDistrictBySlug, listDistricts } from '../../db/access/districts.ts'
import { findOwner, type OwnedKind } from '../../db/access/find-owner.ts'
import type { AppEnvironment } from '../app-environment.ts'
import type { Right } from '../contract/rights.ts'
import { hasRight, isKnownTo, requireRight, requireRightSomewhere, type Reach } from './grants.ts'
import { Refusal } from '../failures.ts'

/** The district that a request is about; the caller has been found to have the right there. */
export type Scope = { readonly districtId: string; readonly district: string }

type ApiContext = Context<AppEnvironment>

/** The district of this name. Throws a Refusal: NOT_FOUND also for a district that the caller may not enter. */
export async function enterDistrict(context: ApiContext, slug: string, right: Right, reach?: Reach): Promise<Scope> {
  const caller = context.get('caller')
  const district = await findDistrictBySlug(context.get('parts').db, slug)
  if (district === undefined || !isKnownTo(caller, district.id)) {
    throw new Refusal('NOT_FOUND', 'There is no district of this name; `rollbook district list` shows them.')
  }
  requireRight(caller, right, district.id, reach)
  context.get('auditNote').districtId = district.id
  return { districtId: district.id, district: district.slug }
}

/** The districts where the caller has the right, by slug. Throws a Refusal when there can be none. */
export async function listScopes(context: ApiContext, right: Right, reach?: Reach): Promise<Scope[]> {
  const caller = context.get('caller')
  requireRightSomewhere(caller, right, reach)
  const districts = await listDistricts(context.get('parts').db)
  const entered = districts.filter(({ id }) => hasRight(caller, right, id, reach))
  return entered.map(({ id, slug }) => ({ districtId: id, district: slug }))
}

export function enterRun(context: ApiContext, runId: string, right: Right, reach?: Reach): Promise<Scope> {
  return enterByOwn(context, 'run', runId, right, reach)
}

export function enterImportSet(context: ApiContext, setId: string, right: Right, reach?: Reach): Promise<Scope> {
  return enterByOwn(context, 'importSet', setId, right, reach)
}

export function enterCase(context: ApiContext, caseId: string, right: Right, reach?: Reach): Promise<Scope> {
  return enterByOwn(context, 'duplicateCase', caseId, right, reach)
}

export function enterConnection(
  context: ApiContext,
  connectionId: string,
  right: Right,
  reach?: Reach,
): Promise<Scope> {
  return enterByOwn(context, 'connection', connectionId, right, reach)
}

const words = {
  run: 'run',
  connection: 'connection',
  duplicateCase: 'duplicate case',
  importSet: 'import set',
} as const

async function enterByOwn(
  context: ApiContext,
  kind: OwnedKind,
  id: string,
  right: Right,
  reach?: Reach,
): Promise<Scope> {
  const caller = context.get('caller')
  const { db } = context.get('parts')
  const ownerId = await findOwner(db, kind, id)
  const district = ownerId === undefined ? undefined : await findDistrict(db, ownerId)
  if (district !== undefined && isKnownTo(caller, district.id)) {
    requireRight(caller, right, district.id, reach)
    context.get('auditNote').districtId = district.id
    return { districtId: district.id, district: district.slug }
  }
  throw new Refusal('NOT_FOUND', `There is no ${words[kind]} of this id in a district that the token may enter.`)
}
