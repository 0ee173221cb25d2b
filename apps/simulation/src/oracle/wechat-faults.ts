import type { WechatRequest } from '../product/service-parts.ts'
import type { Observer } from '../world/observers.ts'
import type { ServerCall } from '../world/server/service.ts'
import type { World } from '../world/world.ts'

/** `timeout` of `packages/wechat` in ms: no call waits longer for WeChat. */
const timeout = 3_000
/** `breaker.maxPause` of `packages/wechat` in ms: no circuit breaker refuses longer before one call may try. */
const maxPause = 5_000
/** The longest way of a reply from the simulated WeChat to a node, in ms. */
const replyTime = 20

/** What each node has seen of faults of WeChat. */
export interface WechatFaults {
  readonly observer: Pick<Observer, 'nodeDied'> &
    Required<Pick<Observer, 'wechatAsked' | 'wechatReplied'>>
  /**
   * Whether WeChat may have failed this call: it had a fault while the call ran, or within `timeout` before, because
   * calls wait for one renewal of the access token together.
   */
  hasFailed(call: ServerCall): boolean
  /** Whether the circuit breaker of the node may have refused this call. */
  mayBeOpen(call: ServerCall): boolean
}

/** A node whose circuit breaker may be open: it has had no good answer since a fault. */
interface FailedNode {
  failedAt: number
  /** The first request since then that finds WeChat well. The breaker refuses all other calls until its reply. */
  probe: WechatRequest | null
  probeEndedAt: number
}

export function createWechatFaults(world: World): WechatFaults {
  const { timeline } = world
  const nodes = new Map<string, FailedNode>()
  const hosts = new WeakMap<WechatRequest, string>()
  const fail = (node: string): void => {
    nodes.set(node, {
      failedAt: timeline.now,
      probe: null,
      probeEndedAt: Number.POSITIVE_INFINITY,
    })
  }
  return {
    observer: {
      wechatAsked(node, request) {
        hosts.set(request, node)
        if (world.wechat.mood !== 'well') return fail(node)
        const failed = nodes.get(node)
        // A request that began earlier may belong to a call whose time is nearly over.
        if (failed !== undefined && timeline.now > failed.failedAt + timeout)
          failed.probe ??= request
      },
      wechatReplied(request, errcode) {
        const node = hosts.get(request) ?? ''
        if (world.wechat.mood !== 'well' || errcode === 'mad' || errcode === 'unreachable')
          return fail(node)
        const failed = nodes.get(node)
        if (failed?.probe === request) failed.probeEndedAt = timeline.now + replyTime
      },
      nodeDied: (node) => void nodes.delete(node),
    },
    hasFailed({ node, startedAt }) {
      const failed = nodes.get(node)
      return failed !== undefined && startedAt <= failed.failedAt + timeout
    },
    mayBeOpen({ node, startedAt }) {
      const failed = nodes.get(node)
      if (failed === undefined) return false
      if (startedAt <= failed.failedAt + timeout + maxPause) return true
      return failed.probe !== null && startedAt <= failed.probeEndedAt
    },
  }
}
