import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { addVary } from './vary.ts'

/** The links are relative, so they also work below a path that a proxy removes. */
const texts = {
  zh: {
    lang: 'zh-CN',
    title: '免密 mianmi',
    text: '微信小程序的登录服务正在运行。',
    links: [
      ['./admin/', '管理控制台', '查找用户、结束会话、审计日志'],
      ['./docs', '接口文档', '普通 HTTP 接口，以及给其他服务的 /v1'],
      ['./openapi.json', 'openapi.json', '同样的内容，给程序读取'],
      ['./.well-known/openid-configuration', '元数据', '其他服务验证 access token 用的公钥在哪里'],
      ['./healthz', 'healthz', '进程存活'],
      ['./readyz', 'readyz', '数据库可用'],
    ],
  },
  en: {
    lang: 'en',
    title: 'mianmi 免密',
    text: 'The sign-in service for WeChat mini programs is running.',
    links: [
      ['./admin/', 'Console', 'for administrators: people, sessions, audit log'],
      ['./docs', 'API', 'the plain HTTP routes, and /v1 for other services'],
      ['./openapi.json', 'openapi.json', 'the same for programs'],
      [
        './.well-known/openid-configuration',
        'Metadata',
        'where other services find the keys that verify access tokens',
      ],
      ['./healthz', 'healthz', 'the process is alive'],
      ['./readyz', 'readyz', 'the database works'],
    ],
  },
} as const

const style = `
:root { color-scheme: light dark; --soft: light-dark(#5c6b64, #9aaba3); --mark: light-dark(#06794a, #3ecf8e); }
body { margin: 0; background: light-dark(#ffffff, #121714); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 12vh 1.25rem 4rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
ul { margin: 2rem 0 0; padding: 0; list-style: none; }
li { padding: .6rem 0; border-top: 1px solid light-dark(#dfe3e1, #34403b); }
a { color: var(--mark); } span { display: block; color: var(--soft); font-size: .875rem; }
`

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

function render({ lang, title, text, links }: (typeof texts)['zh' | 'en']): string {
  const items = links.map(
    ([href, name, note]) => `<li><a href="${href}">${name}</a><span>${note}</span></li>`,
  )
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><main><h1>${title}</h1><p>${text}</p><ul>${items.join('')}</ul></main></body></html>
`
}

/** Whether a browser asks for Chinese before English (RFC 9110 §12.5.4; browsers list the languages in their order). */
function wantsChinese(header = ''): boolean {
  const [first] = header.toLowerCase().match(/\b(?:zh|en)\b/g) ?? []
  return first === 'zh'
}

/** Serves `/`: what this is, for a person who opens the address, and where everything is. */
export function serveHomePage(app: FastifyInstance): void {
  app.get('/', async (request, reply) => {
    const language = wantsChinese(request.headers['accept-language']) ? 'zh' : 'en'
    addVary(reply, 'Accept-Language')
    return reply
      .headers({ 'content-security-policy': policy, 'cache-control': 'public, max-age=300' })
      .type('text/html; charset=utf-8')
      .send(render(texts[language]))
  })
}
