import { useSession } from '@mianmi/wx-session/react' // sign-in
import { Button, View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { host } from '../../config'
import { session } from '../../session' // sign-in

const nothing = { orders: [], error: '' }

// What the page shows belongs to one user: another state drops it, and a late reply is not shown.
async function load(state, show) {
  show(state.status === 'offline' ? { ...nothing, error: '登录失败，请重试' } : nothing) // user
  if (state.status !== 'signedIn') return // user
  try {
    const { statusCode, data } = await session.request({ url: `${host}/orders` })
    if (session.state !== state) return // user
    if (statusCode === 200) show({ ...nothing, orders: data.orders })
    else show({ ...nothing, error: `服务器返回 ${statusCode}` })
  } catch (failure) {
    // A refused sign-in has no message: `exchange` has thrown the reply.
    const error = failure.message || '请求失败，请重试'
    if (session.state === state) show({ ...nothing, error }) // user
  }
}

export default function Home() {
  const state = useSession(session) // sign-in
  const [{ orders, error }, show] = useState(nothing)

  useEffect(() => {
    load(state, show)
  }, [state]) // user

  // Where the state stays what it is, the list is fetched again.
  async function signIn() {
    if ((await session.signIn()) === state) load(state, show) // sign-in
  }

  function signOut() {
    session.signOut(() => session.request({ url: `${host}/logout`, method: 'POST' })) // sign-in
  }

  if (state.status === 'starting') return <View>正在登录…</View>
  return (
    <View>
      {state.status === 'signedIn' ? (
        <View>
          <View id="user">用户 {state.user.id}</View>
          {orders.map((order) => (
            <View key={order.id} className="order">
              {order.title}
            </View>
          ))}
          {error && (
            <Button id="retry" onClick={signIn}>
              重试
            </Button>
          )}
          <Button id="sign-out" onClick={signOut}>
            退出登录
          </Button>
        </View>
      ) : (
        <Button id="sign-in" type="primary" onClick={signIn}>
          微信登录
        </Button>
      )}
      {error && <View id="error">{error}</View>}
    </View>
  )
}
