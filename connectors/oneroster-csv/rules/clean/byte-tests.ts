import { isRealDay } from '../value/calendar.ts'

/**
 * Byte by byte tests of values, for cells that must be passed over without making text of them. Each takes
 * `bytes[start, end)` and answers true only when the value is certainly clean; false means "look closer", no more.
 * Indexes are inside the array by the caller's promise, hence the `as number`.
 */

const zero = 0x30
const hyphen = 0x2d
const comma = 0x2c

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** The digits at `[start, start + count)` as a number; -1 when one of them is none. */
function readDigits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) {
    const byte = bytes[at] as number
    if (!isDigit(byte)) return -1
    value = value * 10 + byte - zero
  }
  return value
}

export function isDate(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 10 || bytes[start + 4] !== hyphen || bytes[start + 7] !== hyphen) return false
  const year = readDigits(bytes, start, 4)
  const month = readDigits(bytes, start + 5, 2)
  return year >= 0 && month >= 1 && isRealDay(year, month, readDigits(bytes, start + 8, 2))
}

/** `YYYY-MM-DDTHH:MM:SS.sssZ` */
export function isExactInstant(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 24 || !isDate(bytes, start, start + 10)) return false
  if (bytes[start + 10] !== 0x54 || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false
  if (bytes[start + 19] !== 0x2e || bytes[start + 23] !== 0x5a) return false
  const [hour, minute] = [readDigits(bytes, start + 11, 2), readDigits(bytes, start + 14, 2)]
  const second = readDigits(bytes, start + 17, 2)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false
  return readDigits(bytes, start + 20, 3) >= 0
}

/** Digits with at most a sign before them and a point among them; few enough to be finite. */
export function isPlainNumber(bytes: Uint8Array, start: number, end: number, mayHavePoint: boolean): boolean {
  let at = bytes[start] === hyphen ? start + 1 : start
  if (end - at > 15 || at === end || !isDigit(bytes[at] as number)) return false
  let hasPoint = !mayHavePoint
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (isDigit(byte)) continue
    if (byte !== 0x2e || hasPoint) return false
    hasPoint = true
  }
  return true
}

/** `+` and two to fifteen digits, no zero first. */
export function isE164(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== 0x2b || end - start < 3 || end - start > 16 || bytes[start + 1] === zero) return false
  for (let at = start + 1; at < end; at++) if (!isDigit(bytes[at] as number)) return false
  return true
}

/** One @ with something before it, and a domain of two or more parts after it. Blanks are the caller's matter. */
export function isEmail(bytes: Uint8Array, start: number, end: number): boolean {
  let atSign = -1
  let lastDot = -1
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === 0x40) {
      if (atSign >= 0 || at === start) return false
      atSign = at
      lastDot = at
    } else if (byte === 0x2e && atSign >= 0) {
      if (lastDot === at - 1) return false
      lastDot = at
    }
  }
  return atSign >= 0 && lastDot > atSign && lastDot < end - 1
}

/** A list of ids that holds commas: no item empty, none too long. */
export function hasOnlyFullItems(bytes: Uint8Array, start: number, end: number, maxLength: number): boolean {
  let itemStart = start
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== comma) continue
    if (at === itemStart || at - itemStart > maxLength) return false
    itemStart = at + 1
  }
  return true
}

/** No empty item, and no blank beside a comma. */
export function isTidyTextList(bytes: Uint8Array, start: number, end: number): boolean {
  let previous = comma
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === comma && (previous === comma || previous === 0x20)) return false
    if (byte === 0x20 && previous === comma) return false
    previous = byte
  }
  return previous !== comma
}

/** `{type:id},{type:id}`; no braces within, no colon in the type. */
export function isPairList(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  for (;;) {
    if (bytes[at] !== 0x7b) return false
    let colon = -1
    const itemStart = at
    for (at++; at < end && bytes[at] !== 0x7d; at++) {
      if (bytes[at] === 0x7b) return false
      if (bytes[at] === 0x3a && colon < 0) colon = at
    }
    if (at >= end || colon <= itemStart + 1 || colon === at - 1) return false
    at++
    if (at === end) return true
    if (bytes[at] !== comma || at + 1 >= end) return false
    at++
  }
}

/**
 * Whether text of several-byte characters may hold one that counts as blank, as a control character, or that a wrong
 * conversion has left (U+0080 to U+00A0, U+1680, U+2000 to U+207F, U+3000, U+FEFF, U+FFFD). Says yes too often.
 */
export function mayHoldOddCharacter(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end - 1; at++) {
    const byte = bytes[at] as number
    if (byte < 0xc2) continue
    const next = bytes[at + 1] as number
    if (byte === 0xc2 && next <= 0xa0) return true
    if (byte === 0xe1 && next === 0x9a) return true
    if (byte === 0xe2 && (next === 0x80 || next === 0x81)) return true
    if (byte === 0xe3 && next === 0x80) return true
    if (byte === 0xef && (next === 0xbb || next === 0xbf)) return true
  }
  return false
}
