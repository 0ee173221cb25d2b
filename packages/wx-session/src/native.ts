import type { Session } from './session/session.ts'
import type { SessionState } from './session/state/session-state.ts'

/** Of WeChat's base library. https://developers.weixin.qq.com/miniprogram/dev/framework/custom-component/behaviors.html */
declare const Behavior: (options: object) => string

/** The data that the behaviour sets: the status, and the user while signed in. */
export interface SessionData<U> {
  status: SessionState<U>['status']
  user: U | null
}

/** The instance of a page or a component; WeChat's typings describe it. */
interface Instance {
  setData(data: object): void
}

/**
 * A behaviour for native pages and components: keeps `data.session` equal to the state of the session while the page
 * or component is attached.
 *
 * @param name of the data; default `session`
 *
 * @example
 * ```ts
 * import { sessionBehavior } from '@mianmi/wx-session/native'
 *
 * // <text wx:if="{{session.status === 'signedIn'}}">{{session.user.name}}</text>
 * Page({ behaviors: [sessionBehavior(session)] })
 * ```
 */
export function sessionBehavior<U>(
  session: Pick<Session<U>, 'state' | 'subscribe'>,
  name = 'session',
): string {
  const subscriptions = new WeakMap<object, () => void>()
  const dataOf = (state: SessionState<U>): { [name: string]: SessionData<U> } => ({
    [name]: { status: state.status, user: state.status === 'signedIn' ? state.user : null },
  })
  return Behavior({
    data: dataOf(session.state),
    lifetimes: {
      attached(this: Instance) {
        const show = (state: SessionState<U>) => this.setData(dataOf(state))
        show(session.state)
        subscriptions.set(this, session.subscribe(show))
      },
      detached(this: Instance) {
        subscriptions.get(this)?.()
      },
    },
  })
}
