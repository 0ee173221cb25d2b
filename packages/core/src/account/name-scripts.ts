/**
 * The scripts of modern names: UTS 31 table 5 (Recommended Scripts) and those of China's minorities. Historic and
 * limited-use scripts hold many letters that look like Latin ones.
 */
const scripts = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Hebrew',
  'Kannada',
  'Khmer',
  'Lao',
  'Malayalam',
  'Mongolian',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
  'Yi',
]

/** Common to all scripts in a name. */
const neutral = '0-9._@+\\-'
const whole = (script: string) => new RegExp(`^[${neutral}\\p{scx=${script}}]+$`, 'u')

/**
 * Chinese, Japanese and Korean are written beside Latin letters (UTS 39 §5.2, Highly Restrictive). Bopomofo and Hangul
 * do not stand beside Kana.
 */
const withLatin = [
  ['Han', 'Bopomofo'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
].map(
  (set) =>
    new RegExp(
      `^[${neutral}\\p{sc=Latin}${set.map((script) => `\\p{scx=${script}}`).join('')}]+$`,
      'u',
    ),
)
const alone = scripts.map(whole)

/** Click letters such as ǀ, letters of the International Phonetic Alphabet, and other Latin letters that stand for sounds, such as ɑ and ɡ. */
const phonetic = /[\u01c0-\u01c3\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f]/u

/**
 * Letters of other scripts that look like Latin ones, in lower case (Unicode's confusables.txt). A name of nothing
 * else imitates a Latin name.
 */
const latinLookAlikes =
  /^[авекмнорстухіјѕһѵԁԛԝӏүԍѡьбзгп\u0455αβεηικμνορτυχζγωσօսոհցյքւլաгօ0-9._@+\-\u0131]+$/u

/** Single parts of Hangul syllables, such as ㅣ, which NFKC leaves alone. */
const jamo = /[\u1100-\u11ff]/u

/** A mark that belongs to no script, where no composed letter exists: it can be drawn onto any letter. */
const looseMark = /\p{Script=Inherited}/u

/**
 * Whether a name in NFKC is written in one script, or in Chinese, Japanese or Korean beside Latin, and cannot be taken
 * for a Latin name where it is not one.
 */
export function isOneScript(name: string): boolean {
  if (phonetic.test(name) || jamo.test(name) || looseMark.test(name)) return false
  if (withLatin.some((pattern) => pattern.test(name))) return true
  const isForeign = alone.some((pattern) => pattern.test(name))
  return isForeign && !latinLookAlikes.test(name.toLowerCase())
}
