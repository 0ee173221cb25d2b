import type { Reason } from '@mianmi/core'
import type { ReasonDoc } from './read-reasons.ts'

/** The Chinese text of docs/errors.zh-CN.md. A reason that is missing here does not compile. */
export const chinese: Record<Reason, ReasonDoc> = {
  invalid_input: {
    meaning: '请求不符合该 procedure 或路由的 schema。',
    when: '字段缺失、多余、过长或类型不对；密码过于常见，或由账号名拼成；cursor 来自另一个查询；请求体不是 JSON，或超过 64 KiB。',
    client: '修改输入。原样重试仍会被拒绝。',
  },
  method_not_allowed: {
    meaning: '路径存在，但不支持这个 HTTP method。响应头 `allow` 列出支持的 method。',
    when: '用 GET 调用 mutation、用 POST 调用 query，或用其他 method 访问普通 HTTP 路由。',
    client: '修改程序。原样重试仍会被拒绝。',
  },
  unsupported_media_type: {
    meaning: '不接受请求体的 content type。',
    when: '请求体以表单或纯文本发送，或没有 content type。只接受 `application/json`。',
    client: '修改程序。原样重试仍会被拒绝。',
  },
  code_rejected: {
    meaning: '微信不接受这个登录 code（errcode 40029）。',
    when: 'code 已过期、是伪造的，或属于另一个小程序；对已登录的用户，指 session 所属小程序以外的任何小程序。',
    client: '重新调用 `wx.login`，用新的 code 重试一次。',
  },
  code_used: {
    meaning: '登录 code 已被使用（errcode 40163），或本服务已经把它发给过微信。',
    when: '用同一个 code 重复请求，或两个请求共用一个 code。',
    client: '重新调用 `wx.login`，用新的 code 重试一次。',
  },
  user_blocked: {
    meaning: '微信判定该用户有风险并拦截（errcode 40226）。',
    when: '由微信在每次登录时判断。',
    client: '提示用户，不要重试。',
  },
  app_unknown: {
    meaning: '本服务没有配置这个 appid，也不会去请求微信。',
    when: '`WECHAT_APPS` 中没有客户端发来的 appid。',
    client: '通知管理员：服务或客户端的 appid 配置不一致。',
  },
  wechat_rate_limited: {
    meaning: '微信限制了该用户或该小程序的调用频率（errcode 45011）。',
    when: '一分钟内登录次数过多。',
    client: '等待 `retryAfter` 秒后，用新的 code 重试。',
  },
  wechat_unavailable: {
    meaning: '微信没有按文档返回结果。',
    when: '微信繁忙（errcode -1）、无法连接或太慢，当日配额用完，或返回内容无法识别。',
    client: '提示微信暂时不可用，让用户稍后用新的 code 重试。',
  },
  wechat_misconfigured: {
    meaning: '微信拒绝了本服务的 appid、AppSecret 或 IP 地址。',
    when: 'AppSecret 被重置，或服务器的 IP 不在小程序的白名单中。',
    client: '把 traceId 告诉管理员，重试没有用。',
  },
  ticket_rejected: {
    meaning: '绑定用的 ticket 不被接受，响应不会说明原因。',
    when: 'ticket 不存在、被篡改、已过期、属于另一个小程序、已被使用，或输错的密码和尝试过的账号名共已达 5 次。同一调用成功后 60 秒内可以重复，前提是它建立的绑定仍然有效。',
    client: '重新调用 `miniLogin` 获取新的 ticket。',
  },
  credential_rejected: {
    meaning: '账号、密码或第二因素有误，响应不会说明是哪一个。',
    when: '用密码登录（包括校验期间密码已被修改）、修改密码，或在管理控制台输入验证器的动态码、恢复码、注册码；在小程序里使用管理员的账号和密码。',
    client: '让用户重新输入。',
  },
  phone_rejected: {
    meaning: '这个手机号不能在这里使用。',
    when: '微信拒绝了 getPhoneNumber 的 code，或号码属于另一个用户：对方的 unionid 不同、设有密码、在这个小程序中已绑定另一个微信，或上次验证号码已超过 `PHONE_TRUST_DAYS` 天且没有其他登录方式。',
    client: '改用手机号或账号名加密码绑定，或重新获取手机号。',
  },
  identity_taken: {
    meaning: '这个微信身份已绑定到另一个用户。',
    when: '在 `bind` 或 `register` 期间，该身份已被绑定。若该身份是自动成为用户的（`SIGN_UP=auto`），且该用户没有其他任何内容，`bind` 仍会绑定。',
    client: '重新调用 `miniLogin`，会直接登录到已绑定的用户。',
  },
  account_taken: {
    meaning: '账号名或手机号已被使用，或该账号在这个小程序中已绑定另一个微信。',
    when: '用已有的账号名 `register` 或首次设置密码，`bind` 到这样的账号，在 `account.bindPhone` 中使用已有的号码，在 `/v1` 中设置属于其他用户的外部 ID，或使用已有的服务密钥名称。',
    client: '让用户换一个账号名、手机号或账号。',
  },
  last_credential: {
    meaning: '执行后将没有任何登录方式。',
    when: '用 `identity.unbind` 解绑用户在已配置小程序中的最后一个身份，而用户没有可配合账号名或手机号使用的密码（手机号单独使用时只在有限时间内有效）；或撤销合并会使保留的用户陷入同样的情况；或执行后没有任何管理员能登录。',
    client: '请用户先设置另一种登录方式。',
  },
  user_disabled: {
    meaning: '管理员停用了该用户。',
    when: '恢复之前，该用户的每次调用和每次登录。',
    client: '提示用户，不要重试。',
  },
  proof_required: {
    meaning: '这项修改需要会话所属微信身份的新 login code。',
    when: '`account.delete`，或用 `account.changePassword` 首次设置密码时，没有 `code`，或 code 属于另一个微信身份。',
    client: '调用 `wx.login`，用新的 code 重试一次。',
  },
  unauthenticated: {
    meaning: 'access token、refresh token、控制台会话或服务密钥不被接受，响应不会说明原因。',
    when: 'token 或密钥缺失、过期、被篡改或已被吊销，或会话已结束。',
    client: '如果被拒绝的是 access token，先刷新一次；否则重新登录。',
  },
  forbidden: {
    meaning: '已识别调用者，但不允许此操作。',
    when: '普通用户调用管理接口，其他来源的页面带着 cookie 发来请求，管理员停用自己，微信身份属于管理员，服务密钥没有所需的 scope。',
    client: '提示用户，不要重试。',
  },
  not_found: {
    meaning: '对象不存在，或不属于调用者。',
    when: 'id 或路径不存在。',
    client: '重新加载该 id 所在的列表。',
  },
  data_rejected: {
    meaning: '微信的签名数据或加密数据没有通过校验。',
    when: '数据加密之后 session_key 已更换，数据超过水印允许的时间，或属于另一个小程序、另一个用户。',
    client: '先调用 `wx.login` 和 `miniLogin`，再向微信重新获取数据。',
  },
  rate_limited: {
    meaning: '达到了本服务自己的限制。',
    when: '同一账号或同一网络的错误密码过多，同一 openid 调用 `miniLogin` 过多，同一网络中被微信拒绝的 code 过多，同一 ticket 或同一用户被拒绝的手机号 code 过多，同一个人尝试注册的账号名过多，更换头像过于频繁，同一服务密钥调用过多。',
    client: '等待 `retryAfter` 秒后重试。',
  },
  overloaded: {
    meaning: '服务正在卸载过高的负载，或数据库暂时不能写入。',
    when: '事件循环延迟过高，调用者自己或全体调用者排队的请求过多，密码等待哈希超过 10 秒，磁盘已满，或数据库被锁。',
    client: '等待 `retryAfter` 秒后重试，并逐次延长间隔。',
  },
  internal: {
    meaning: '意料之外的错误。响应中没有细节，日志中可用 traceId 查到。',
    when: '程序缺陷或运行环境故障。',
    client: '显示 traceId，便于管理员查找日志。',
  },
}
