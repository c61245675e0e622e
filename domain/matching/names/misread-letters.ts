/** Letters that one hand writes like another, and digits typed for them; what stands first stands for all of a row. */
const shapes: readonly (readonly [shape: string, letters: RegExp])[] = [
  ['m', /rn|nn/g],
  ['d', /cl/g],
  ['w', /vv|uu/g],
  ['i', /[lj1t]/g],
  ['u', /[nvy]/g],
  ['a', /[o0]/g],
  ['e', /c/g],
  ['h', /b/g],
  ['g', /[q9]/g],
  ['s', /5/g],
]

/** A name as it looks: `Barns` and `Bams`, `Clara` and `Dara` look the same in handwriting, and on a bad copy. */
export function deriveShape(name: string): string {
  return shapes.reduce((shape, [written, letters]) => shape.replace(letters, written), name)
}
