import { performance } from 'node:perf_hooks'
import { type ZodType, z } from 'zod'
import { errorFromErrcode } from '../errcode.ts'
import type { Answer } from '../settings.ts'
import { unavailable, WechatError } from '../wechat-error.ts'
import type { Breaker } from './breaker.ts'
import type { Bulkhead } from './bulkhead.ts'
import { type Deadline, tooSlow } from './deadline.ts'
import type { Exchange, Message } from './exchange.ts'

export interface Question<T> extends Message {
  shape: ZodType<T>
  deadline: Deadline
}

export interface Transport {
  /**
   * One exchange; repeated once where nothing of it was sent, and never otherwise. Rejects with
   * a WechatError and nothing else.
   */
  ask<T>(appId: string, question: Question<T>): Promise<T>
  close(): Promise<void>
}

export interface TransportParts {
  exchange: Exchange
  breaker: Breaker
  bulkhead: Bulkhead
  onAnswer: (answer: Answer) => void
}

/** Success usually omits errcode; some replies carry errcode 0. */
const outcome = z.object({ errcode: z.int().default(0), errmsg: z.string().optional().catch('') })

export function createTransport(parts: TransportParts): Transport {
  const { exchange, breaker, bulkhead, onAnswer } = parts

  async function answer<T>(appId: string, question: Question<T>): Promise<T> {
    const watch = { sentAt: null as number | null }
    const note = (errcode: number | null): void => {
      const { sentAt } = watch
      if (sentAt === null) return
      onAnswer({ appId, path: question.path, errcode, durationMs: performance.now() - sentAt })
    }
    try {
      const result = await exchangeOne(question, () => {
        watch.sentAt = performance.now()
      })
      note(0)
      return result
    } catch (error) {
      note(error instanceof WechatError ? error.errcode : null)
      throw error
    }
  }

  async function exchangeOne<T>(question: Question<T>, onSend: () => void): Promise<T> {
    // Whatever WeChat answers, nonsense included, it answers: only silence is worth not asking for.
    const { status, text } = await breaker.guard(() => {
      onSend()
      return exchange.send(question, question.deadline)
    })
    // WeChat answers 200 to everything, refusals included; redirects are not followed.
    if (status !== 200) throw unavailable(`status ${status}`)
    return readReply(text, question.shape)
  }

  return {
    async ask(appId, question) {
      const { deadline } = question
      if (deadline.isOver()) throw tooSlow()
      // Once now, to queue for nothing, and once more when the place is free.
      breaker.check()
      // An exchange heeds the deadline only once it is connected: wait no longer than that.
      return deadline.wait(bulkhead.run(deadline, () => answer(appId, question)))
    },
    close: () => exchange.close(),
  }
}

/** Looks at the text and not at the content type: WeChat sends JSON as text/plain. */
function readReply<T>(text: string, shape: ZodType<T>): T {
  const reply = parseJson(text)
  const result = outcome.safeParse(reply)
  if (!result.success) throw unavailable('not the shape of a reply')
  const { errcode, errmsg = '' } = result.data
  if (errcode !== 0) throw errorFromErrcode(errcode, errmsg)
  const answer = shape.safeParse(reply)
  if (!answer.success) throw unavailable('not the shape of this reply')
  return answer.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unavailable('not JSON')
  }
}
