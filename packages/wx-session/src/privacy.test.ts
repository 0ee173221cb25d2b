import { describe, expect, it, vi } from 'vitest'
import { createPrivacyBroker, type PrivacyRequest, privacyFault } from './privacy.ts'

type Answer = { event: string; buttonId?: string }
type Need = (resolve: (answer: Answer) => void, info?: { referrer: string }) => void

/** A phone that heeds the last registration only. */
function createPhone() {
  let listener: Need | null = null
  const answers: Answer[] = []
  const wx = {
    onNeedPrivacyAuthorization: vi.fn((need: Need) => {
      listener = need
    }),
  }
  const need = (referrer?: string, after?: () => void) => {
    const resolve = (answer: Answer) => {
      answers.push(answer)
      after?.()
    }
    listener?.(resolve, referrer === undefined ? undefined : { referrer })
  }
  return { wx, answers, need }
}

function start() {
  const phone = createPhone()
  let time = 0
  const broker = createPrivacyBroker({ wx: phone.wx, now: () => time })
  const seen: (PrivacyRequest | null)[] = []
  const leave = broker.subscribe((request) => seen.push(request))
  const pass = (milliseconds: number) => {
    time += milliseconds
  }
  return { ...phone, broker, seen, leave, pass }
}

describe('the privacy broker', () => {
  it('tells what needs consent, and that nothing waits any more', () => {
    const { need, broker, seen } = start()
    need('getPhoneNumber')
    expect(broker.request).toEqual({ api: 'getPhoneNumber' })
    broker.agree('agree')
    expect(seen).toEqual([null, { api: 'getPhoneNumber' }, null])
    expect(broker.request).toBeNull()
  })

  it('queues what else needs it and answers each exactly once', () => {
    const { need, broker, answers, seen } = start()
    need('getPhoneNumber')
    need('chooseAvatar')
    need()
    expect(seen).toHaveLength(2)
    broker.agree('yes')
    broker.agree('yes')
    broker.refuse()
    expect(answers).toEqual(Array(3).fill({ event: 'agree', buttonId: 'yes' }))
  })

  it('answers a refusal to all, and knows for how long WeChat will not ask', () => {
    const { need, broker, answers, pass } = start()
    expect(broker.quietFor()).toBe(0)
    need('authorize')
    need('getLocation')
    broker.refuse()
    expect(answers).toEqual(Array(2).fill({ event: 'disagree' }))
    expect(broker.quietFor()).toBe(10_000)
    pass(9_999)
    expect(broker.quietFor()).toBe(1)
    pass(1)
    expect(broker.quietFor()).toBe(0)
  })

  it('is not quiet because of a refusal of nothing', () => {
    const { broker } = start()
    broker.refuse()
    expect(broker.quietFor()).toBe(0)
  })

  it('asks again for what an answered call needs at once', () => {
    const { need, broker, answers, seen } = start()
    need('first', () => answers.length === 1 && need('second'))
    broker.agree('a')
    expect(answers).toHaveLength(1)
    expect(broker.request).toEqual({ api: 'second' })
    expect(seen.at(-1)).toEqual({ api: 'second' })
    broker.agree('b')
    expect(answers).toHaveLength(2)
    expect(broker.request).toBeNull()
  })

  it('keeps a call waiting until a page that can ask is there, and tells it at once', () => {
    const { need, broker, leave, seen } = start()
    leave()
    need('chooseAvatar')
    const page: (PrivacyRequest | null)[] = []
    broker.subscribe((request) => page.push(request))
    expect(page).toEqual([{ api: 'chooseAvatar' }])
    expect(seen).toEqual([null])
  })

  it('registers once for a wx, since the phone heeds the last registration only', () => {
    const { wx, need, broker } = start()
    const again = createPrivacyBroker({ wx })
    expect(again).toBe(broker)
    expect(wx.onNeedPrivacyAuthorization).toHaveBeenCalledOnce()
    need('x')
    expect(again.request).toEqual({ api: 'x' })
  })

  it('does nothing on a base library without the API', () => {
    const broker = createPrivacyBroker({ wx: {} })
    const seen: unknown[] = []
    broker.subscribe((request) => seen.push(request))
    broker.agree('x')
    broker.refuse()
    expect([seen, broker.quietFor()]).toEqual([[null], 0])
  })

  it('answers all although one answer or one page throws, and reports the fault', () => {
    vi.useFakeTimers()
    const { need, broker, answers } = start()
    broker.subscribe((request) => {
      if (request) throw new Error('a page broke')
    })
    need('a', () => {
      throw new Error('the phone broke')
    })
    need('b')
    broker.agree('x')
    expect(answers).toHaveLength(2)
    expect(() => vi.runAllTimers()).toThrow('a page broke')
    expect(() => vi.runAllTimers()).toThrow('the phone broke')
    vi.useRealTimers()
  })
})

describe('faults of privacy', () => {
  it.each([
    [{ errno: 104, errMsg: 'x:fail' }, 'notAgreed'],
    [{ errMsg: 'getPhoneNumber:fail privacy permission is not authorized' }, 'notAgreed'],
    [{ errno: 112 }, 'notDeclared'],
    [{ errMsg: 'x:fail api scope is not declared in the privacy agreement' }, 'notDeclared'],
    [{ errMsg: 'getPhoneNumber:fail user deny' }, null],
  ])('%o is %s', (failure, fault) => {
    expect(privacyFault(failure)).toBe(fault)
  })
})
