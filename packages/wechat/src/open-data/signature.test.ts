import { expect, test } from 'vitest'
import { verifySignature } from './signature.ts'

/** The example on WeChat's page about signatures. */
const published = {
  rawData:
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}',
  sessionKey: 'HyVFkGl5F5OQWJZZaNzBBg==',
  signature: '75e81ceda165f4ffa64f4068af58c64b8f54b88c',
}

test("WeChat's published signature verifies", () => {
  expect(verifySignature(published)).toBe(true)
})

test.each(['rawData', 'sessionKey', 'signature'] as const)(
  '%s with any one character changed, inserted or removed does not verify',
  (field) => {
    const text = published[field]
    for (let at = 0; at < text.length; at += 1) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)]
      const other = text[at] === 'x' ? 'y' : 'x'
      for (const changed of [
        before + other + after,
        before + after,
        `${before}x${text.slice(at)}`,
      ]) {
        expect(verifySignature({ ...published, [field]: changed })).toBe(false)
      }
    }
  },
)

test.each([
  ['in upper case', published.signature.toUpperCase()],
  ['with a trailing space', `${published.signature} `],
  ['doubled', published.signature.repeat(2)],
  ['empty', ''],
  ['of as many characters outside ASCII', 'é'.repeat(40)],
  ['of as many bytes outside ASCII', 'é'.repeat(20)],
])('a signature %s does not verify', (_name, signature) => {
  expect(verifySignature({ ...published, signature })).toBe(false)
})
