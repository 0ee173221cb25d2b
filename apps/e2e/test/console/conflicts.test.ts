import { expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import {
  button,
  confirmDialog,
  describeConsole,
  takeScreenshot,
  waitUntilLoaded,
} from './describe-console.ts'
import { apps, controlSandbox, createConflict } from './sandbox-control.ts'

describeConsole('conflicts, apps and settings', ({ visit, stack }) => {
  it('two users of one person are merged after a preview, and the merge is undone', async () => {
    await createConflict(stack(), 'ming')
    const page = await visit('/conflicts')
    const conflict = page.getByRole('region', { name: 'UnionID unionid-of-ming' })
    await conflict.waitFor()
    await button(conflict, '保留 ming-1').click()
    const drawer = page.getByRole('dialog', { name: '合并预览' })
    await drawer.getByText('ming-2 将并入 ming-1。').waitFor()
    const effects = await drawer.getByRole('listitem').allTextContents()
    expect(effects).toEqual(
      expect.arrayContaining([
        expect.stringContaining('小程序 免密会员 的微信身份'),
        '账号 ming-2 不能再用来登录',
      ]),
    )
    await takeScreenshot(page, 'conflict-preview')
    expect(await accessibilityViolations(page)).toEqual([])
    await button(drawer, '合并…').click()
    await button(page.getByRole('dialog', { name: '确定合并吗？' }), '合并').click()
    await drawer.getByText('ming-2 已并入 ming-1。').waitFor()
    await takeScreenshot(page, 'conflict-merged')
    await button(drawer, '关闭').last().click()
    await page.getByText('没有待处理的冲突').waitFor()

    await page.getByRole('link', { name: 'ming-2 并入 ming-1' }).click()
    await page.getByRole('heading', { level: 1, name: 'ming-1' }).waitFor()
    const identities = page.getByRole('region', { name: '微信身份' })
    for (const appId of apps) await identities.getByTitle(appId).first().waitFor()
    await page.goBack()
    await button(page.getByRole('region', { name: '最近的合并' }), '撤销').click()
    await confirmDialog(page, '撤销')
    await conflict.waitFor()
    await page.getByRole('link', { name: 'ming-2', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'ming-2' }).waitFor()
    await identities.getByTitle(apps[1]).first().waitFor()
  })

  it('the test of an app shows what WeChat refuses and how to fix it', async () => {
    const page = await visit('/apps')
    const app = page.getByRole('region', { name: apps[0] })
    const expectFinding = async (...sentences: string[]) => {
      await app.getByRole('button').click()
      for (const sentence of sentences) await app.getByText(sentence).waitFor()
    }
    const path = '/cgi-bin/stable_token'
    await expectFinding('一切正常，微信给出了访问令牌。')
    await controlSandbox(stack(), 'fault', { kind: 'errcode', path, errcode: 40125 })
    await expectFinding('微信不认可 AppSecret。', '核对或重置 AppSecret', 'errcode 40125')
    await controlSandbox(stack(), 'fault', { kind: 'errcode', path, errcode: 40164 })
    await expectFinding('微信拒绝了服务器的地址。', 'IP白名单', 'errcode 40164')
    await takeScreenshot(page, 'app-refused')
    expect(await accessibilityViolations(page)).toEqual([])
    await controlSandbox(stack(), 'fault', { kind: 'none' })
    await expectFinding('一切正常，微信给出了访问令牌。')
  })

  it('the settings page contains no secret', async () => {
    const page = await visit('/settings')
    await page.getByText('WECHAT_APPS').waitFor()
    await waitUntilLoaded(page)
    const html = await page.content()
    expect(html).toContain(stack().sandboxUrl)
    const secretKey = Buffer.alloc(32, 'secret key 3').toString('base64')
    for (const secret of ['another-secret', secretKey, 'sentinel administrator password'])
      expect(html).not.toContain(secret)
  })
})
