import { useSession } from '@mianmi/wx-session/react' // sign-in
import { Button, View } from '@tarojs/components'
import { useLoad } from '@tarojs/taro'
import { useState } from 'react'
import { host } from '../../config'
import { session } from '../../session' // sign-in

export default function Home() {
  const state = useSession(session) // sign-in
  const [orders, setOrders] = useState([])
  const [error, setError] = useState('')

  async function load() {
    setError('')
    try {
      const { statusCode, data } = await session.request({ url: `${host}/orders` })
      if (statusCode === 200) setOrders(data.orders)
      else setError(`服务器返回 ${statusCode}`)
    } catch (failure) {
      if (session.state.status !== 'signedOut') setError(failure.message)
    }
  }

  async function signIn() {
    await session.signIn() // sign-in
    await load()
  }

  function signOut() {
    setOrders([])
    session.signOut(() => session.request({ url: `${host}/logout`, method: 'POST' })) // sign-in
  }

  useLoad(load)

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
