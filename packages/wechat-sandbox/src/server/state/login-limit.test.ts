import { expect, test } from 'vitest'
import { createLoginLimit } from './login-limit.ts'

const app = 'wx6d69616e6d690001'

function withClock() {
  let time = 0
  const limit = createLoginLimit(() => time)
  const count = (times: number, openid = 'o-ann', appId = app): void => {
    for (let login = 0; login < times; login += 1) limit.countLogin(appId, openid)
  }
  return {
    limit,
    count,
    setTime: (ms: number) => {
      time = ms
    },
  }
}

test('the 101st login within a minute of the first is refused, the next minute starts again', () => {
  const { count, setTime } = withClock()
  count(100)
  expect(() => count(1)).toThrow('api minute-quota')
  setTime(59_999)
  expect(() => count(1)).toThrow('api minute-quota')
  setTime(60_000)
  count(100)
  expect(() => count(1)).toThrow('api minute-quota')
})

test('users and apps are counted separately', () => {
  const { limit, count } = withClock()
  limit.set({ loginsPerMinute: 1 })
  count(1)
  count(1, 'o-bob')
  count(1, 'o-ann', 'wx6d69616e6d690002')
  expect(() => count(1)).toThrow('api minute-quota')
})

test('a limit of 0 refuses every login, null refuses none', () => {
  const { limit, count } = withClock()
  limit.set({ loginsPerMinute: 0 })
  expect(() => count(1)).toThrow('api minute-quota')
  limit.set({ loginsPerMinute: null })
  count(1_000)
  expect(limit.current()).toEqual({ loginsPerMinute: null })
})

test('clearing expired counters of many users keeps the current ones', () => {
  const { limit, count, setTime } = withClock()
  limit.set({ loginsPerMinute: 1 })
  for (let user = 0; user < 9_999; user += 1) count(1, `o-${user}`)
  setTime(60_000)
  count(1)
  count(1, 'o-bob')
  expect(() => count(1)).toThrow('api minute-quota')
  expect(() => count(1, 'o-bob')).toThrow('api minute-quota')
})
