import { useSession } from '@mianmi/wx-session/react' // sign-in
import { Button, View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { host } from '../../config'
import { session } from '../../session' // sign-in

export default function Home() {
  const state = useSession(session) // sign-in
  const [orders, setOrders] = useState([])
  const [error, setError] = useState('')
  const [retries, setRetries] = useState(0)

  // What the page shows belongs to one user: another state drops it, and a late reply is not shown.
  useEffect(() => {
    let isCurrent = true // user
    async function load() {
      setOrders([]) // user
      setError(state.status === 'offline' ? '登录失败，请重试' : '') // user
      if (state.status !== 'signedIn') return // user
      try {
        const { statusCode, data } = await session.request({ url: `${host}/orders` })
        if (!isCurrent) return // user
        if (statusCode === 200) setOrders(data.orders)
        else setError(`服务器返回 ${statusCode}`)
      } catch (failure) {
        if (isCurrent) setError(failure.message) // user
      }
    }
    load()
    return () => {
      isCurrent = false // user
    }
  }, [state, retries]) // user

  // Where the state stays what it is, the list is fetched again.
  async function signIn() {
    if ((await session.signIn()) === state) setRetries(retries + 1) // sign-in
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
