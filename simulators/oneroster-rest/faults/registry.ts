import type { FaultKind, FaultRequest } from './fault.ts'
import { faultsOfAnswers } from './of-answers.ts'
import { faultsOfConnections } from './of-connections.ts'
import { faultsOfPages } from './of-pages.ts'
import { faultsOfRows } from './of-rows.ts'

const kinds = { ...faultsOfPages, ...faultsOfRows, ...faultsOfAnswers, ...faultsOfConnections }

export type FaultName = keyof typeof kinds

/** Every fault of the stand-in, by its name. */
export const faultKinds: Readonly<Record<FaultName, FaultKind>> = kinds

const numbers = ['page', 'times', 'rows', 'by', 'ms', 'seconds'] as const

/** `connection-cut:page=900,collection=users` as it is written on a command line. Throws an Error that says what is wrong. */
export function parseFault(text: string): FaultRequest {
  const [name = '', rest = ''] = text.split(/:(.*)/s)
  const pairs = rest.split(',').filter((pair) => pair !== '')
  return readFault({ name, ...Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2))) })
}

/** The same from JSON. */
export function readFault(value: unknown): FaultRequest {
  const { name, collection, ...rest } = Object(value) as Record<string, unknown> // any object; each part is looked at
  if (!isFaultName(name)) {
    throw new Error(`There is no fault "${String(name)}"; there are ${Object.keys(kinds).join(', ')}.`)
  }
  const read: Record<string, number> = {}
  for (const [key, part] of Object.entries(rest)) {
    const known = numbers.find((one) => one === key)
    if (known === undefined) throw new Error(`A fault has no "${key}"; it can have collection, ${numbers.join(', ')}.`)
    if (!Number.isInteger(Number(part))) throw new Error(`"${key}" of the fault ${name} is not a whole number.`)
    read[known] = Number(part)
  }
  if (collection !== undefined && typeof collection !== 'string') {
    throw new Error(`"collection" of the fault ${name} is no text.`)
  }
  return { name, ...(collection === undefined ? {} : { collection }), ...read }
}

function isFaultName(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(kinds, name)
}
