import { WxLinkError } from '@mianmi/wx-link/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNetworkRetry } from './network-retry.ts'

const lost = new WxLinkError({ kind: 'network', message: 'request:fail' })
const refused = new WxLinkError({ kind: 'http', message: '502' })

let listeners: Set<(status: { isConnected: boolean }) => void>
const change = (isConnected: boolean) => {
  for (const listener of listeners) listener({ isConnected })
}

beforeEach(() => {
  listeners = new Set()
  vi.stubGlobal('wx', {
    onNetworkStatusChange: listeners.add.bind(listeners),
    offNetworkStatusChange: listeners.delete.bind(listeners),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a retry after a missing network', () => {
  it('happens once for each failure, when the network is back and not when it goes', () => {
    const retry = vi.fn()
    const networkRetry = createNetworkRetry(retry)
    networkRetry.started()
    networkRetry.ended(lost)
    change(false)
    expect(retry).not.toHaveBeenCalled()
    change(true)
    change(true)
    networkRetry.shown()
    expect(retry).toHaveBeenCalledTimes(1)
  })

  it('happens at once where the network was back before the attempt failed', () => {
    const retry = vi.fn(() => networkRetry.started())
    const networkRetry = createNetworkRetry(retry)
    networkRetry.started()
    change(true)
    expect(retry).not.toHaveBeenCalled()
    networkRetry.ended(lost)
    expect(retry).toHaveBeenCalledTimes(1)
    networkRetry.ended(lost)
    expect(retry).toHaveBeenCalledTimes(1)
  })

  it('does not happen after a success, another failure, or stop', () => {
    const retry = vi.fn()
    const networkRetry = createNetworkRetry(retry)
    networkRetry.ended(null)
    change(true)
    networkRetry.ended(refused)
    change(true)
    networkRetry.ended(lost)
    networkRetry.stop()
    change(true)
    expect(retry).not.toHaveBeenCalled()
    expect(listeners.size).toBe(0)
  })

  it('happens when the page is shown, also in a context without the network APIs', () => {
    vi.stubGlobal('wx', {})
    const retry = vi.fn()
    const networkRetry = createNetworkRetry(retry)
    networkRetry.ended(lost)
    networkRetry.shown()
    networkRetry.stop()
    expect(retry).toHaveBeenCalledTimes(1)
  })
})
