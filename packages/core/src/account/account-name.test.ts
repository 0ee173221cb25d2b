import { describe, expect, it } from 'vitest'
import { accountKey, isAccountName } from './account-name.ts'

describe('accountKey', () => {
  it.each([
    ['ALICE', 'alice'],
    ['Ａｌｉｃｅ', 'alice'],
    ['ﬁona', 'fiona'],
    ['e\u0301ve', '\u00e9ve'],
  ])('%s and %s are one account name', (typed, key) => {
    expect(accountKey(typed)).toBe(key)
  })

  it('a normal form is its own normal form', () => {
    for (const name of ['İstanbul', 'ΌΣΟΣ', 'ẞtraße', '㎏', 'Å', 'ﬀ', '张三'])
      expect(accountKey(accountKey(name))).toBe(accountKey(name))
  })
})

describe('isAccountName', () => {
  it.each([
    'alice',
    'Ａｌｉｃｅ',
    'a-b_c.d+e@f',
    '138',
    '20230101',
    '85261234567',
    '1380013800',
    '张三丰',
    '张三abc123',
    'さくらABC漢字カナ',
    '김철수kim',
    'ㄅㄆㄇ漢字a',
    'маша',
    'żółć',
    'Nguyễn',
    'e\u0301ve',
    'İstanbul',
    'Đặng',
    'Łukasz',
    'Søren',
    'Straße',
    'Ŧħorkell',
    '一二三',
    '王一一',
    '张〇a',
    'ローラ',
    'γιώργος',
    'शर्मा',
    'ᠮᠣᠩᠭᠣᠯ',
    'བཀྲ་ཤིས'.replaceAll('་', ''),
    'a'.repeat(64),
  ])('%s may be a name', (name) => {
    expect(isAccountName(name)).toBe(true)
  })

  it.each([
    ['two characters', 'ab'],
    ['65 characters', 'a'.repeat(65)],
    ['a space', 'al ice'],
    ['zero-width joiner', 'ali\u200dce'],
    ['zero-width non-joiner', 'ali\u200cce'],
    ['a soft hyphen', 'ali\u00adce'],
    ['Hangul filler', 'alice\u3164'],
    ['half-width Hangul filler', 'alice\uffa0'],
    ['a variation selector', 'alice\ufe0f'],
    ['combining grapheme joiner', 'ali\u034fce'],
    ['Khmer inherent vowel', 'កកក\u17b4'],
    ['Mongolian free variation selector', 'ᠮᠣᠩ\u180b'],
    ['a slash that NFKC makes', 'a\u2101b'],
    ['parentheses that NFKC makes', 'abc⑴'],
    ['a space that NFKC makes', 'abcﷺ'],
    ['a fraction slash that NFKC makes', 'abc½'],
    ['more than 64 characters after NFKC', 'ﬃ'.repeat(22)],
    ['Cyrillic а in a Latin name', 'аlice'],
    ['Greek ο in a Latin name', 'bοb1'],
    ['Cyrillic letters alone that look Latin', 'асе'],
    ['Cyrillic capitals that look Latin', 'АСЕ1'],
    ['Greek letters alone that look Latin', 'ΑΒΕ'],
    ['Armenian letters alone that look Latin', 'օսո'],
    ['a dotless ı', 'admın'],
    ['a dotless ı alone', 'ııı'],
    ['a tone letter like b', 'ƅob'],
    ['a hooked f', 'ƒred'],
    ['a ligature like ae', 'cæsar'],
    ['a ligature like oe', 'phœbe'],
    ['a Latin iota', 'adm\u0196n'],
    ['a reversed e', 'ǝve'],
    ['a middle Welsh letter', 'ỻewelyn'],
    ['a wynn', 'ƿip'],
    ['a Chinese zero beside Latin letters alone', 'b〇b'],
    ['a Chinese one like a dash', 'anna一bell'],
    ['a long sound mark like a dash', 'anna-ー1'],
    ['a Bopomofo letter like L', 'aㄥice'],
    ['Arabic letters alone that look like digits and l', 'اا٥'],
    ['Thai zeros', '๐๐๐'],
    ['a mobile number', '13800138000'],
    ['a mobile number with dashes', '138-0013-8000'],
    ['a mobile number with the country code', '+8613800138000'],
    ['a mobile number with an exit code', '008613800138000'],
    ['a full-width mobile number', '１３８００１３８０００'],
    ['a number abroad with its plus', '+85261234567'],
    ['a number abroad with an exit code', '0085261234567'],
    ['Cherokee', 'ᎠᏞᎥᏟᎬ'],
    ['Coptic', 'ⲁⲗⲓⲥⲉ'],
    ['Latin alpha', 'ɑdmin'],
    ['Latin script g', 'ɡreg'],
    ['a click letter', 'aǀice'],
    ['a part of a Hangul syllable', 'aㅣice'],
    ['small capitals', 'ᴀdmin'],
    ['a loose mark', 'adm\u0336in'],
    ['a second dot on i', 'admi\u0307n'],
    ['Arabic digits in a Latin name', 'alice٠'],
    ['Bengali digits in a Latin name', 'alice৪'],
    ['Kana beside Hangul', 'カナ김'],
    ['Cyrillic beside Han', 'маша张'],
  ])('%s may not be in a name', (_title, name) => {
    expect(isAccountName(name)).toBe(false)
  })
})
