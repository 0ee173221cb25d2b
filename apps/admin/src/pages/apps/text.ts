import { texts } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'

export const appsText = texts({
  zh: {
    intro: '服务为以下小程序提供登录。测试会向微信获取一次访问令牌，不影响正在使用的令牌。',
    loading: '正在读取小程序',
    none: '还没有配置小程序',
    noneHint: '在服务的环境变量 WECHAT_APPS 中写入 AppID 和 AppSecret，然后重启服务。',
    identities: '微信身份',
    today: '今天登录',
    last: '最近登录',
    never: '从未登录',
    people: '查看人员',
    test: '测试',
    errcode: (code: number) => `errcode ${code}`,
    took: (ms: string) => `用时 ${ms} 毫秒`,
    retest: '再测一次',
  },
  en: {
    intro:
      'The service signs users in to these mini programs. A test requests one access token from WeChat; the token in use stays valid.',
    loading: 'Loading mini programs',
    none: 'No mini program is configured',
    noneHint:
      'Set the AppID and AppSecret in the environment variable WECHAT_APPS, then restart the service.',
    identities: 'Identities',
    today: 'Sign-ins today',
    last: 'Last sign-in',
    never: 'Never',
    people: 'Show people',
    test: 'Test',
    errcode: (code: number) => `errcode ${code}`,
    took: (ms: string) => `Took ${ms} ms`,
    retest: 'Test again',
  },
})

type Finding = AdminOutput['apps']['test']['finding']

/** One sentence for each result of a credentials test. */
export const findingText = texts({
  zh: {
    ok: '一切正常，微信给出了访问令牌。',
    appid_rejected: '微信不认识这个 AppID。',
    secret_rejected: '微信不认可 AppSecret。',
    address_not_allowed: '微信拒绝了服务器的地址。',
    quota_used_up: '调用次数已超过微信的限制。',
    busy: '微信系统繁忙。',
    unreachable: '没有收到微信的响应。',
    unexpected: '微信返回了意料之外的响应。',
  } satisfies Record<Finding, string>,
  en: {
    ok: 'WeChat issued an access token. Everything works.',
    appid_rejected: 'WeChat does not recognise this AppID.',
    secret_rejected: 'WeChat rejected the AppSecret.',
    address_not_allowed: 'WeChat rejected the address of the server.',
    quota_used_up: 'The number of calls exceeds the limit of WeChat.',
    busy: 'WeChat is busy.',
    unreachable: 'No response from WeChat.',
    unexpected: 'Unexpected response from WeChat.',
  },
})

const withAddress =
  (known: (address: string) => string, unknown: string) =>
  (address: string | null): string =>
    address === null ? unknown : known(address)

/** What to do about each result. Page names of mp.weixin.qq.com stay Chinese, because that site is Chinese only. */
export const nextStepText = texts({
  zh: {
    ok: '',
    appid_rejected:
      '在 mp.weixin.qq.com → 开发管理 → 开发设置 核对 AppID，改正 WECHAT_APPS 后重启服务。',
    secret_rejected:
      '在 mp.weixin.qq.com → 开发管理 → 开发设置 核对或重置 AppSecret，写入 WECHAT_APPS 后重启服务。',
    address_not_allowed: withAddress(
      (address) =>
        `在 mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 中加入 ${address}，几分钟后再测。`,
      '在 mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 中加入服务器的公网地址，几分钟后再测。',
    ),
    quota_used_up:
      '等几分钟再测；如果仍然如此，当日额度已用完，北京时间零点恢复，也可在 mp.weixin.qq.com → 开发管理 → 接口设置 中清零。',
    busy: '过几分钟再测。持续繁忙时，登录会提示用户稍后再试。',
    unreachable:
      '检查服务器能否访问 api.weixin.qq.com 的 443 端口：域名解析、防火墙、WECHAT_API_URL。',
    unexpected: '在微信开放文档中查找这个 errcode；服务日志里有详情。',
  } satisfies Record<Finding, string | ((address: string | null) => string)>,
  en: {
    ok: '',
    appid_rejected:
      'Check the AppID at mp.weixin.qq.com → 开发管理 → 开发设置, correct WECHAT_APPS and restart the service.',
    secret_rejected:
      'Check or reset the AppSecret at mp.weixin.qq.com → 开发管理 → 开发设置, set it in WECHAT_APPS and restart the service.',
    address_not_allowed: withAddress(
      (address) =>
        `Add ${address} to the allowlist at mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 and test again after a few minutes.`,
      "Add the server's public address to the allowlist at mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 and test again after a few minutes.",
    ),
    quota_used_up:
      'Test again in a few minutes. If the result is the same, the daily quota is used up. It resets at midnight China time, or can be cleared at mp.weixin.qq.com → 开发管理 → 接口设置.',
    busy: 'Test again in a few minutes. While WeChat is busy, users who sign in are asked to try again later.',
    unreachable:
      'Check that the server can reach port 443 of api.weixin.qq.com: DNS, firewall, WECHAT_API_URL.',
    unexpected: "Look up the errcode in WeChat's documentation. The service log has the details.",
  },
})
