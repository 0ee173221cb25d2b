import { texts } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'

export const appsText = texts({
  zh: {
    intro: '服务为下面的小程序提供登录。测试会向微信请求一次访问令牌，不影响正在使用的令牌。',
    loading: '正在读取小程序',
    none: '还没有配置小程序',
    noneHint: '在服务的环境变量 WECHAT_APPS 中写入 AppID 和 AppSecret，然后重启服务。',
    identities: '微信身份',
    today: '今天登录',
    last: '最近登录',
    never: '从未',
    people: '查看人员',
    test: '测试',
    errcode: (code: number) => `errcode ${code}`,
    took: (ms: string) => `用时 ${ms} 毫秒`,
    retest: '再测一次',
  },
  en: {
    intro:
      'The service signs people in to these mini programs. A test asks WeChat for one access token; the token in use stays valid.',
    loading: 'Reading the mini programs',
    none: 'No mini program is configured',
    noneHint: "Put AppID and AppSecret into the service's WECHAT_APPS, and start it again.",
    identities: 'Identities',
    today: 'Sign-ins today',
    last: 'Last sign-in',
    never: 'Never',
    people: 'Show its people',
    test: 'Test',
    errcode: (code: number) => `errcode ${code}`,
    took: (ms: string) => `Took ${ms} ms`,
    retest: 'Test again',
  },
})

type Finding = AdminOutput['apps']['test']['finding']

/** What a test found, in a sentence. */
export const findingText = texts({
  zh: {
    ok: '一切正常，微信给出了访问令牌。',
    appid_rejected: '微信不认识这个 AppID。',
    secret_rejected: '微信不认可 AppSecret。',
    address_not_allowed: '微信拒绝了服务器的地址。',
    quota_used_up: '调用次数已超过微信的限制。',
    busy: '微信系统繁忙。',
    unreachable: '没有收到微信的应答。',
    unexpected: '微信给出了意料之外的应答。',
  } satisfies Record<Finding, string>,
  en: {
    ok: 'All is well: WeChat gave an access token.',
    appid_rejected: 'WeChat does not know this AppID.',
    secret_rejected: 'WeChat refuses the AppSecret.',
    address_not_allowed: "WeChat refuses the server's address.",
    quota_used_up: "The calls are over WeChat's limit.",
    busy: 'WeChat is busy.',
    unreachable: 'No answer came from WeChat.',
    unexpected: 'WeChat gave an answer that was not expected.',
  },
})

const say =
  (known: (address: string) => string, unknown: string) =>
  (address: string | null): string =>
    address === null ? unknown : known(address)

/** What to do about it; WeChat's own names of its pages stay Chinese. */
export const nextStepText = texts({
  zh: {
    ok: '',
    appid_rejected:
      '在 mp.weixin.qq.com → 开发管理 → 开发设置 核对 AppID，改正 WECHAT_APPS 后重启服务。',
    secret_rejected:
      '在 mp.weixin.qq.com → 开发管理 → 开发设置 核对或重置 AppSecret，写入 WECHAT_APPS 后重启服务。',
    address_not_allowed: say(
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
      'Compare the AppID at mp.weixin.qq.com → 开发管理 → 开发设置, correct WECHAT_APPS and start the service again.',
    secret_rejected:
      'Compare or reset the AppSecret at mp.weixin.qq.com → 开发管理 → 开发设置, put it into WECHAT_APPS and start the service again.',
    address_not_allowed: say(
      (address) =>
        `Put ${address} on the allow-list at mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 and test again after a few minutes.`,
      "Put the server's public address on the allow-list at mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 and test again after a few minutes.",
    ),
    quota_used_up:
      'Test again after a few minutes. If it stays so, the quota of the day is used up: it begins anew at midnight in China, or is cleared at mp.weixin.qq.com → 开发管理 → 接口设置.',
    busy: 'Test again in a few minutes. While WeChat is busy, people who sign in are asked to try later.',
    unreachable:
      'Check that the server reaches port 443 of api.weixin.qq.com: name resolution, firewall, WECHAT_API_URL.',
    unexpected: "Look the errcode up in WeChat's documentation; the service's log has the details.",
  },
})
