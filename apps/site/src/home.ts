import type { Language } from './map.ts'

const features = {
  zh: [
    [
      '类型直达小程序',
      '小程序直接使用同一个 tRPC router 的类型：服务端改了返回值，小程序就编译不过。',
      'how-it-works',
    ],
    [
      '不需要 appid 的微信沙箱',
      '一套微信服务端接口加一个 wx 对象，没有 appid、手机和网络也能开发和测试；一键模拟微信繁忙、变慢或无法访问。',
      'packages/wechat-sandbox',
    ],
    [
      '小程序在浏览器里运行',
      '运行的就是上传给微信的那个包，由微信自己的组件框架 glass-easel 渲染。',
      'packages/simulator',
    ],
    [
      '接近裸 Fastify 路由的速度',
      'tRPC 的协议直接实现在 Fastify 上；会话在每次调用时查询，吊销立即生效。',
      'benchmarks',
    ],
    [
      'PostgreSQL 上的多节点',
      '只需要 PostgreSQL，不需要 Redis；节点逐个替换，用户不掉线。单机用内嵌的 SQLite。',
      'many-nodes',
    ],
    [
      '虚拟时间里的模拟',
      '手机、网络、微信、多个节点和数据库由一个种子在虚拟时间里驱动，找到的问题可以重放。',
      'apps/simulation',
    ],
  ],
  en: [
    [
      'Types that reach the mini program',
      'The mini program uses the types of one tRPC router. If a reply changes, the mini program no longer compiles.',
      'how-it-works',
    ],
    [
      'A WeChat sandbox without an appid',
      'WeChat’s server API and a wx object, for development and tests without an appid, a phone or a network. One click makes WeChat busy, slow or unreachable.',
      'packages/wechat-sandbox',
    ],
    [
      'The mini program in a browser',
      'It runs the same package that is uploaded to WeChat, rendered by glass-easel, WeChat’s own component framework.',
      'packages/simulator',
    ],
    [
      'Speed near a bare Fastify route',
      'tRPC’s protocol is implemented on Fastify directly. The session is looked up on every call, so a revocation takes effect at once.',
      'benchmarks',
    ],
    [
      'Many nodes on PostgreSQL',
      'PostgreSQL and nothing else, no Redis. Nodes are replaced one by one, and no user is signed out. On one machine, SQLite is built in.',
      'many-nodes',
    ],
    [
      'Simulation in virtual time',
      'Phones, network, WeChat, several nodes and the database run in virtual time from one seed, so a fault that is found can be replayed.',
      'apps/simulation',
    ],
  ],
} as const

const heroes = {
  zh: {
    name: '免密 mianmi',
    text: '微信小程序静默登录',
    tagline: '从小程序到服务端，全部用 TypeScript 写成。绑定一次，以后每次打开都静默登录。',
    alt: '演练场：浏览器里的小程序、微信沙箱和调用记录',
    actions: [
      ['开始', 'start'],
      ['加到自己的小程序', 'your-mini-program'],
      ['与自己的后端并存', 'beside-your-backend'],
    ],
  },
  en: {
    name: 'mianmi',
    text: 'Sign-in for WeChat mini programs',
    tagline: 'In TypeScript, end to end. Bind once, and every launch after that signs in silently.',
    alt: 'The playground: the mini program in a browser, the WeChat sandbox, and the call log',
    actions: [
      ['Start', 'start'],
      ['Add it to your mini program', 'your-mini-program'],
      ['Beside your own backend', 'beside-your-backend'],
    ],
  },
} as const

/** The first page, in the form of VitePress: settings alone. */
export function homePage(language: Language): string {
  const base = language === 'en' ? '/en/' : '/'
  const { alt, actions, ...hero } = heroes[language]
  const settings = {
    layout: 'home',
    hero: {
      ...hero,
      image: { src: '/images/playground.png', alt },
      actions: actions.map(([text, path], index) => ({
        theme: index === 0 ? 'brand' : 'alt',
        text,
        link: `${base}${path}`,
      })),
    },
    features: features[language].map(([title, details, path]) => ({
      title,
      details,
      link: `${base}${path}`,
    })),
  }
  return `---\n${JSON.stringify(settings, null, 2)}\n---\n`
}
