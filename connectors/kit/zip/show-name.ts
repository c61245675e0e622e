const longestShown = 100

/** A name out of an archive, fit for a message or a log: control characters shown as `?`, long names shortened. */
export function showName(name: string): string {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?')
  return visible.length > longestShown ? `${visible.slice(0, longestShown)}…` : visible
}
