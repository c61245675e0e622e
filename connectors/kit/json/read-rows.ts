export type JsonObject = { readonly [key: string]: unknown }

/**
 * The objects of a page: the array under the expected name, in whatever case, else the only array of objects there is.
 * Undefined for what is no such page, such as JSON that ends in its middle, or the payload of an error.
 */
export function readRows(body: Buffer, expected: string): readonly JsonObject[] | undefined {
  const page = parseObject(body)
  if (page === undefined) return undefined
  const named = Object.entries(page).filter(([key]) => key.toLowerCase() === expected.toLowerCase())
  const arrays = (named.length > 0 ? named : Object.entries(page)).filter(([, value]) => Array.isArray(value))
  const [only, ...more] = arrays
  if (only === undefined || more.length > 0) return undefined
  const rows = only[1] as readonly unknown[] // found to be an array above
  if (named.length === 0 && only[0] === 'statusInfoSet') return undefined
  return rows.every(isObject) ? rows : undefined
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
