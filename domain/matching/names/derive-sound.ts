/** Consonants that are written for one another fall together, vowels count only as the first letter. */
export function deriveSound(name: string): string {
  const written = name
    .replace(/^(kn|gn|pn)/, 'n')
    .replace(/^wr/, 'r')
    .replace(/ph/g, 'f')
    .replace(/(sch|sh|ch|tch)/g, 'x')
    .replace(/(ck|q|c)/g, 'k')
    .replace(/dt/g, 't')
  const first = written.charAt(0).replace(/[aeiouy]/, 'a')
  const rest = written
    .slice(1)
    .replace(/[aeiouyhw]/g, '')
    .replace(/z/g, 's')
    .replace(/v/g, 'f')
    .replace(/d/g, 't')
    .replace(/[gj]/g, 'k')
    .replace(/m/g, 'n')
    .replace(/(.)\1+/g, '$1')
  return first + rest
}
