import anyAscii from 'any-ascii'

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

/** A letter of a script other than Latin. */
const otherScript = /(?!\p{Script=Latin})\p{L}/u

/** Arabic and Hebrew letters that are read as a vowel, and that a transliteration by letters leaves out. */
const readAsVowel = /[\u0621-\u0627\u0629\u0639\u0649\u0671\u05D0\u05E2]/g

/**
 * A text in Latin letters, Chinese characters by their sound. Arabic and Hebrew have hardly a vowel in writing: such names
 * agree by their consonants (deriveSound).
 */
export function writeInLatin(text: string): string {
  return otherScript.test(text) ? anyAscii(text.normalize('NFC').replace(readAsVowel, 'a')) : text
}

/**
 * The words of a text in one spelling: Latin, lower case, without accents, cut at everything that is neither letter nor digit.
 * An apostrophe joins what it stands between (`O'Dell` is one word), because every second system drops it.
 */
export function foldWords(text: string): string[] {
  if (plainLetters.test(text)) return text === '' ? [] : [text.toLowerCase()]
  return writeInLatin(text)
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
