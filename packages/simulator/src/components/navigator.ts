import { actAsControl, type BuiltIn, type BuiltInHost } from './built-in.ts'

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/navigator.html */
export const navigator: BuiltIn = {
  tag: 'navigator',
  properties: { url: '', openType: 'navigate', delta: 1, hoverClass: 'navigator-hover' },
  mount(host) {
    actAsControl(host, 'link')
    host.element.addEventListener('click', () => {
      go(host).then(
        () => host.emit('success', {}),
        (error) => {
          host.emit('fail', { errMsg: error instanceof Error ? error.message : String(error) })
          host.context.report(error)
        },
      )
    })
    return {}
  },
}

async function go(host: BuiltInHost): Promise<void> {
  const { screen } = host.context
  const url = String(host.data['url'])
  switch (host.data['openType']) {
    case 'navigate':
      return screen.navigateTo(url)
    case 'redirect':
      return screen.redirectTo(url)
    case 'switchTab':
      return screen.switchTab(url)
    case 'reLaunch':
      return screen.reLaunch(url)
    case 'navigateBack':
      return screen.navigateBack(Number(host.data['delta']))
    default:
      throw new Error(`open-type "${host.data['openType']}" is not simulated`)
  }
}
