/** One thing that was looked at. `warn` is worth a look and stops nothing; `todo` says what to do, null when all is well. */
export type Check = {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'failing'
  readonly seen: string
  readonly todo: string | null
}

export const ok = (name: string, seen: string): Check => ({ name, state: 'ok', seen, todo: null })
export const warn = (name: string, seen: string, todo: string): Check => ({ name, state: 'warn', seen, todo })
export const failing = (name: string, seen: string, todo: string): Check => ({ name, state: 'failing', seen, todo })
