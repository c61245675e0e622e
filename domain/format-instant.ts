type ZoneFormats = { readonly clock: Intl.DateTimeFormat; readonly names: readonly Intl.DateTimeFormat[] }

/** English of the places that have words for their zones: each language knows the short names of its own alone. */
const languages = ['en-US', 'en-GB', 'en-AU', 'en-NZ']
const known = new Map<string, ZoneFormats>()

/** `2026-11-28 06:59 CST`: what clocks of the zone show, for people; UTC where the zone does not exist. */
export function formatInstant(at: Date | string, timeZone: string): string {
  const instant = typeof at === 'string' ? new Date(at) : at
  if (Number.isNaN(instant.getTime())) return String(at)
  const { clock, names } = formatsOf(timeZone)
  const shown = names.map((format) => nameOf(format, instant))
  // A name out of letters tells summer from winter and is known by heart; `GMT-3` is what is left.
  return `${clock.format(instant)} ${shown.find((name) => /^[A-Z]+$/.test(name)) ?? shown[0] ?? timeZone}`
}

function nameOf(format: Intl.DateTimeFormat, instant: Date): string {
  return format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

function formatsOf(timeZone: string): ZoneFormats {
  let formats = known.get(timeZone)
  if (formats === undefined) {
    formats = isZone(timeZone) ? buildFormats(timeZone) : formatsOf('UTC')
    known.set(timeZone, formats)
  }
  return formats
}

function buildFormats(timeZone: string): ZoneFormats {
  return {
    clock: new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
    names: languages.map((language) => new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'short' })),
  }
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
