import { describe, expect, it, vi } from 'vitest'
import { createPrivacyBroker, type PrivacyRequest, privacyFault } from './privacy.ts'

type Decision = { event: string; buttonId?: string }
type PrivacyListener = (resolve: (answer: Decision) => void, info?: { referrer: string }) => void

/** A phone that uses the last registered listener only. */
function createPhone() {
  let listener: PrivacyListener | null = null
  const decisions: Decision[] = []
  const wx = {
    onNeedPrivacyAuthorization: vi.fn((registered: PrivacyListener) => {
      listener = registered
    }),
  }
  const requireConsent = (referrer?: string, after?: () => void) => {
    const resolve = (answer: Decision) => {
      decisions.push(answer)
      after?.()
    }
    listener?.(resolve, referrer === undefined ? undefined : { referrer })
  }
  return { wx, decisions, requireConsent }
}

function start() {
  const phone = createPhone()
  let time = 0
  const broker = createPrivacyBroker({ wx: phone.wx, now: () => time })
  const seen: (PrivacyRequest | null)[] = []
  const unsubscribe = broker.subscribe((request) => seen.push(request))
  const pass = (milliseconds: number) => {
    time += milliseconds
  }
  return { ...phone, broker, seen, unsubscribe, pass }
}

describe('the privacy broker', () => {
  it('reports the call that needs consent, and null when no call waits', () => {
    const { requireConsent, broker, seen } = start()
    requireConsent('getPhoneNumber')
    expect(broker.request).toEqual({ api: 'getPhoneNumber' })
    broker.agree('agree')
    expect(seen).toEqual([null, { api: 'getPhoneNumber' }, null])
    expect(broker.request).toBeNull()
  })

  it('queues further calls and resolves each of them once', () => {
    const { requireConsent, broker, decisions, seen } = start()
    requireConsent('getPhoneNumber')
    requireConsent('chooseAvatar')
    requireConsent()
    expect(seen).toHaveLength(2)
    broker.agree('yes')
    broker.agree('yes')
    broker.refuse()
    expect(decisions).toEqual(Array(3).fill({ event: 'agree', buttonId: 'yes' }))
  })

  it('resolves all calls with a refusal, and knows for how long WeChat does not ask', () => {
    const { requireConsent, broker, decisions, pass } = start()
    expect(broker.quietFor()).toBe(0)
    requireConsent('authorize')
    requireConsent('getLocation')
    broker.refuse()
    expect(decisions).toEqual(Array(2).fill({ event: 'disagree' }))
    expect(broker.quietFor()).toBe(10_000)
    pass(9_999)
    expect(broker.quietFor()).toBe(1)
    pass(1)
    expect(broker.quietFor()).toBe(0)
  })

  it('has no silent period after the person has agreed', () => {
    const { requireConsent, broker } = start()
    requireConsent('authorize')
    broker.refuse()
    requireConsent('getLocation')
    broker.agree('yes')
    expect(broker.quietFor()).toBe(0)
  })

  it('has no silent period after a refusal without a waiting call', () => {
    const { broker } = start()
    broker.refuse()
    expect(broker.quietFor()).toBe(0)
  })

  it('reports the next call that a resolved call makes at once', () => {
    const { requireConsent, broker, decisions, seen } = start()
    requireConsent('first', () => decisions.length === 1 && requireConsent('second'))
    broker.agree('a')
    expect(decisions).toHaveLength(1)
    expect(broker.request).toEqual({ api: 'second' })
    expect(seen.at(-1)).toEqual({ api: 'second' })
    broker.agree('b')
    expect(decisions).toHaveLength(2)
    expect(broker.request).toBeNull()
  })

  it('keeps a call waiting until a page subscribes, and reports it to the page at once', () => {
    const { requireConsent, broker, unsubscribe, seen } = start()
    unsubscribe()
    requireConsent('chooseAvatar')
    const page: (PrivacyRequest | null)[] = []
    broker.subscribe((request) => page.push(request))
    expect(page).toEqual([{ api: 'chooseAvatar' }])
    expect(seen).toEqual([null])
  })

  it('registers once for each wx', () => {
    const { wx, requireConsent, broker } = start()
    const again = createPrivacyBroker({ wx })
    expect(again).toBe(broker)
    expect(wx.onNeedPrivacyAuthorization).toHaveBeenCalledOnce()
    requireConsent('x')
    expect(again.request).toEqual({ api: 'x' })
  })

  it('has no effect on a base library without the API', () => {
    const broker = createPrivacyBroker({ wx: {} })
    const seen: unknown[] = []
    broker.subscribe((request) => seen.push(request))
    broker.agree('x')
    broker.refuse()
    expect([seen, broker.quietFor()]).toEqual([[null], 0])
  })

  it('resolves all calls when a resolve or a page throws, and reports the errors', () => {
    vi.useFakeTimers()
    const { requireConsent, broker, decisions } = start()
    broker.subscribe((request) => {
      if (request) throw new Error('page failed')
    })
    requireConsent('a', () => {
      throw new Error('phone failed')
    })
    requireConsent('b')
    broker.agree('x')
    expect(decisions).toHaveLength(2)
    expect(() => vi.runAllTimers()).toThrow('page failed')
    expect(() => vi.runAllTimers()).toThrow('phone failed')
    vi.useRealTimers()
  })
})

describe('privacyFault', () => {
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

describe('two brokers over one phone', () => {
  it('are one, also where wx was copied, and where another copy of the module made the first', async () => {
    const { wx, decisions, requireConsent } = createPhone()
    const first = createPrivacyBroker({ wx })
    vi.resetModules()
    const copy: { createPrivacyBroker: typeof createPrivacyBroker } = await import('./privacy.ts')
    const second = copy.createPrivacyBroker({ wx: { ...wx } })
    expect(wx.onNeedPrivacyAuthorization).toHaveBeenCalledOnce()
    requireConsent('getPhoneNumber')
    expect(second.request).toEqual({ api: 'getPhoneNumber' })
    first.agree('yes')
    expect(decisions).toEqual([{ event: 'agree', buttonId: 'yes' }])
    expect(second.request).toBeNull()
  })

  it('are two for two phones', () => {
    const [ming, hong] = [createPhone(), createPhone()]
    expect(createPrivacyBroker(ming)).not.toBe(createPrivacyBroker(hong))
  })

  it('are one where the function cannot be extended', () => {
    const { wx } = createPhone()
    Object.freeze(wx.onNeedPrivacyAuthorization)
    expect(createPrivacyBroker({ wx })).toBe(createPrivacyBroker({ wx: { ...wx } }))
  })
})

it('a listener that another one has removed is not called', () => {
  const { broker, requireConsent } = start()
  const second = vi.fn()
  let removeSecond = () => {}
  broker.subscribe(() => removeSecond())
  removeSecond = broker.subscribe(second)
  second.mockClear()
  requireConsent('chooseAvatar')
  expect(second).not.toHaveBeenCalled()
})
