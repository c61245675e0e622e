/** Letters that Unicode does not take apart into a base letter and a mark. */
const wholeLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
}

const plainLetters = /^[A-Za-z]*$/

/**
 * The words of a text in one spelling: lower case, without accents, cut at everything that is neither letter nor digit.
 * An apostrophe joins what it stands between (`O'Dell` is one word), because every second system drops it.
 */
export function foldWords(text: string): string[] {
  if (plainLetters.test(text)) return text === '' ? [] : [text.toLowerCase()]
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’‘`´ʼ]/gu, '')
    .replace(/[ßæœøłđðþħı]/g, (letter) => wholeLetters[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** The same, in one word: `Anne-Marie`, `Anne Marie` and `Annemarie` become equal. */
export function foldText(text: string): string {
  return foldWords(text).join('')
}
