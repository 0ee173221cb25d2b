import { expect, it } from 'vitest'
import { agree, button, describeConsole, photograph, shown } from './console.ts'
import { seriousFaults } from './readable.ts'
import { apps, makeConflict, play } from './wechat.ts'

describeConsole('an operator who keeps things in order', ({ visit, stack }) => {
  it('merges two users who are one person, having seen what it does, and undoes it', async () => {
    await makeConflict(stack(), 'ming')
    const page = await visit('/conflicts')
    const conflict = page.getByRole('region', { name: 'UnionID unionid-of-ming' })
    await conflict.waitFor()
    await button(conflict, '保留 ming-1').click()
    const drawer = page.getByRole('dialog', { name: '合并预览' })
    await drawer.getByText('ming-2 将并入 ming-1。').waitFor()
    const effects = await drawer.getByRole('listitem').allTextContents()
    expect(effects).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`小程序 ${apps[1]} 的微信身份`),
        '账号 ming-2 不能再用来登录',
      ]),
    )
    await photograph(page, 'conflict-preview')
    expect(await seriousFaults(page)).toEqual([])
    await button(drawer, '合并…').click()
    await button(page.getByRole('dialog', { name: '确定合并吗？' }), '合并').click()
    await drawer.getByText('ming-2 已并入 ming-1。').waitFor()
    await photograph(page, 'conflict-merged')
    await button(drawer, '关闭').last().click()
    await page.getByText('没有待处理的冲突').waitFor()

    await page.getByRole('link', { name: 'ming-2 并入 ming-1' }).click()
    await page.getByRole('heading', { level: 1, name: 'ming-1' }).waitFor()
    const identities = page.getByRole('region', { name: '微信身份' })
    for (const appId of apps) await identities.getByText(appId).waitFor()
    await page.goBack()
    await button(page.getByRole('region', { name: '最近的合并' }), '撤销').click()
    await agree(page, '撤销')
    await conflict.waitFor()
    await page.getByRole('link', { name: 'ming-2', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'ming-2' }).waitFor()
    await identities.getByText(apps[1]).waitFor()
  })

  it('asks WeChat about a mini program, and is told what is wrong in words', async () => {
    const page = await visit('/apps')
    const app = page.getByRole('region', { name: apps[0] })
    const expectFinding = async (...sentences: string[]) => {
      await app.getByRole('button').click()
      for (const sentence of sentences) await app.getByText(sentence).waitFor()
    }
    const path = '/cgi-bin/stable_token'
    await expectFinding('一切正常，微信给出了访问令牌。')
    await play(stack(), 'fault', { kind: 'errcode', path, errcode: 40125 })
    await expectFinding('微信不认可 AppSecret。', '核对或重置 AppSecret', 'errcode 40125')
    await play(stack(), 'fault', { kind: 'errcode', path, errcode: 40164 })
    await expectFinding('微信拒绝了服务器的地址。', 'IP白名单', 'errcode 40164')
    await photograph(page, 'app-refused')
    expect(await seriousFaults(page)).toEqual([])
    await play(stack(), 'fault', { kind: 'none' })
    await expectFinding('一切正常，微信给出了访问令牌。')
  })

  it('reads the settings, but no secret', async () => {
    const page = await visit('/settings')
    await page.getByText('WECHAT_APPS').waitFor()
    await shown(page)
    const html = await page.content()
    expect(html).toContain(stack().sandboxUrl)
    const secretKey = Buffer.alloc(32, 3).toString('base64')
    for (const secret of ['another-secret', secretKey, 'sentinel horse of the desk'])
      expect(html).not.toContain(secret)
  })
})
