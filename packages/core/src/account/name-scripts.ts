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

/**
 * A Latin letter of a living language that is no other letter in disguise: an ASCII letter, such a letter with marks as
 * Unicode decomposes it (`é`, `ż`, `ễ`), or one of those that confusables.txt gives a shape of their own, each with or
 * without marks. So the rest of the Latin blocks is left out, as UTS 39 does for identifiers: `ı` (like i), `ƅ` (like b),
 * `ƒ` (like f), `æ` and `œ` (like ae and oe), and letters of historic spellings.
 */
const plainLatin = /^[a-zßøđðþłħŋŧ]\p{M}*$/iu

/**
 * Characters of Chinese and Japanese that are drawn like an ASCII letter, digit or dash. Beside nothing but ASCII they
 * imitate a Latin name: `b〇b`, `a一b`.
 */
const likeAscii = '〇一丨丶丿ノーㄧㄥㄩㄚㄨㄒ'
const imitatesAscii = new RegExp(
  `^(?=.*[${likeAscii}])(?=.*[a-z0-9])[a-z${neutral}${likeAscii}]+$`,
  'iu',
)

/** Click letters such as ǀ, letters of the International Phonetic Alphabet, and other Latin letters that stand for sounds, such as ɑ and ɡ. */
const phonetic = /[\u01c0-\u01c3\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f]/u

/**
 * Letters of other scripts that look like Latin ones, in lower case (Unicode's confusables.txt). A name of nothing
 * else imitates a Latin name.
 */
const latinLookAlikes =
  /^[авекмнорстухіјѕһѵԁԛԝӏүԍѡьбзгп\u0455αβεηικμνορτυχζγωσօսոհցյքւլաгօاه٥٠١۱۰وןוסט०০੦૦୦௦౦೦൦๐໐༠၀ဝ០᠐ዐ0-9._@+-]+$/u

/** Single parts of Hangul syllables, such as ㅣ, which NFKC leaves alone. */
const jamo = /[\u1100-\u11ff]/u

const latin = /\p{sc=Latin}/u
/** A mark that belongs to no script, where no composed letter exists: it can be drawn onto any letter. */
const looseMark = /\p{Script=Inherited}/u

/**
 * Whether a name in NFKC is written in one script, or in Chinese, Japanese or Korean beside Latin, and cannot be taken
 * for a Latin name where it is not one.
 */
export function isOneScript(name: string): boolean {
  if (phonetic.test(name) || jamo.test(name) || looseMark.test(name)) return false
  if ([...name].some((letter) => latin.test(letter) && !plainLatin.test(letter.normalize('NFD'))))
    return false
  if (imitatesAscii.test(name)) return false
  if (withLatin.some((pattern) => pattern.test(name))) return true
  const isForeign = alone.some((pattern) => pattern.test(name))
  return isForeign && !latinLookAlikes.test(name.toLowerCase())
}
