import { type ThemeConfig, theme } from 'antd'

/** The project's colours, the same as in the mini program and the playground. */
const light = {
  paper: '#f3f1ec',
  surface: '#fdfcfa',
  raised: '#ffffff',
  ink: '#1b2420',
  inkSoft: '#55605a',
  line: 'rgba(27, 36, 32, 0.1)',
  edge: 'rgba(27, 36, 32, 0.28)',
  jade: '#1f7a5c',
  jadeDeep: '#17634a',
  onJade: '#ffffff',
  jadeMist: '#e8f3ed',
  blue: '#2f5f9e',
  blueMist: '#e6eef8',
  amber: '#85540f',
  amberMist: '#f7ecd8',
  red: '#ae3227',
  redMist: '#fbe9e6',
}

const dark: typeof light = {
  paper: '#0c0f0e',
  surface: '#171c1a',
  raised: '#1f2623',
  ink: '#e6ebe8',
  inkSoft: '#a3aea8',
  line: 'rgba(230, 235, 232, 0.1)',
  edge: 'rgba(230, 235, 232, 0.32)',
  jade: '#5cc39c',
  jadeDeep: '#79d1b0',
  onJade: '#0b1d16',
  jadeMist: '#1a3128',
  blue: '#8fb6e8',
  blueMist: '#1b2838',
  amber: '#e2b366',
  amberMist: '#362b18',
  red: '#f08a7e',
  redMist: '#3a211e',
}

const sans =
  'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif'
const mono = 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace'

interface ThemeOptions {
  readonly isDark: boolean
  /** Turns animations off. */
  readonly prefersReducedMotion: boolean
}

/** Ant Design's theme. Each token is also a CSS variable `--ant-…` below `.mianmi`, which our own styles use. */
export function createTheme({ isDark, prefersReducedMotion }: ThemeOptions): ThemeConfig {
  const c = isDark ? dark : light
  const { darkAlgorithm, defaultAlgorithm } = theme
  return {
    cssVar: { key: 'mianmi', prefix: 'ant' },
    algorithm: [
      isDark ? darkAlgorithm : defaultAlgorithm,
      // Overrides the derived palette: the dark algorithm would desaturate the project's green.
      (_seed, derived) => ({
        ...(derived ?? theme.getDesignToken()),
        colorPrimary: c.jade,
        colorPrimaryHover: c.jadeDeep,
        colorPrimaryActive: c.jadeDeep,
        colorPrimaryText: c.jade,
        colorPrimaryBg: c.jadeMist,
        colorPrimaryBgHover: c.jadeMist,
        colorLink: c.jade,
        colorLinkHover: c.jadeDeep,
        colorLinkActive: c.jadeDeep,
        colorError: c.red,
        colorErrorText: c.red,
        colorErrorBg: c.redMist,
        colorWarning: c.amber,
        colorWarningText: c.amber,
        colorWarningBg: c.amberMist,
        colorInfo: c.blue,
        colorInfoText: c.blue,
        colorInfoBg: c.blueMist,
        colorSuccess: c.jade,
        colorSuccessText: c.jade,
        colorSuccessBg: c.jadeMist,
      }),
    ],
    token: {
      colorPrimary: c.jade,
      colorInfo: c.blue,
      colorSuccess: c.jade,
      colorWarning: c.amber,
      colorError: c.red,
      colorLink: c.jade,
      colorTextBase: c.ink,
      colorText: c.ink,
      colorTextSecondary: c.inkSoft,
      colorTextTertiary: c.inkSoft,
      colorTextDescription: c.inkSoft,
      colorTextPlaceholder: c.inkSoft,
      colorTextLightSolid: c.onJade,
      colorBgLayout: c.paper,
      colorBgContainer: c.surface,
      colorBgElevated: isDark ? c.raised : c.surface,
      colorBorder: c.edge,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      fontFamily: sans,
      fontFamilyCode: mono,
      borderRadius: 8,
      borderRadiusLG: 14,
      controlHeight: 34,
      motion: !prefersReducedMotion,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Table: { headerBg: 'transparent', headerSplitColor: 'transparent', headerColor: c.inkSoft },
      Tooltip: { colorTextLightSolid: '#ffffff' },
    },
  }
}
