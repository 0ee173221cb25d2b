/** Styles of WeChat's own bars, toasts and dialogs, light and dark. */
export const CHROME_STYLE = `
.sim-phone{--sim-sheet:#fff;--sim-text:rgba(0,0,0,.9);--sim-soft:rgba(0,0,0,.5);
  --sim-line:rgba(0,0,0,.1);--sim-link:#576b95;--sim-gap:#ededed;--sim-quiet:#f2f2f2;
  --sim-off:#d9d9d9;position:relative;display:flex;
  flex-direction:column;width:100%;height:100%;overflow:hidden;background:#fff;
  font:17px/1.4 -apple-system,BlinkMacSystemFont,"Helvetica Neue","PingFang SC","Microsoft YaHei",
  "Noto Sans CJK SC",sans-serif;color:var(--sim-text)}
.sim-phone[data-theme=dark]{--sim-sheet:#2c2c2c;--sim-text:rgba(255,255,255,.8);
  --sim-soft:rgba(255,255,255,.5);--sim-line:rgba(255,255,255,.08);--sim-link:#7d90a9;
  --sim-gap:#1e1e1e;--sim-quiet:#404040;--sim-off:#555;background:#191919}
.sim-phone *,.sim-phone *::after{box-sizing:border-box}
.sim-phone button{margin:0;padding:0;border:0;background:none;color:inherit;font:inherit;
  cursor:pointer}
.sim-phone button:focus-visible{outline:2px solid #10aeff;outline-offset:-2px}
.sim-phone [hidden]{display:none!important}
.sim-viewport-slot{position:relative;flex:1;min-height:0}
.sim-frame{display:block;width:100%;height:100%;border:0}

.sim-nav{position:relative;flex:none;display:flex;align-items:center;justify-content:center;
  height:44px;padding:0 96px;color:var(--nav-text);background:var(--nav-back)}
.sim-nav h1{margin:0;overflow:hidden;font-size:17px;font-weight:600;line-height:44px;
  white-space:nowrap;text-overflow:ellipsis}
.sim-nav button{position:absolute;left:6px;display:grid;place-items:center;width:40px;height:44px}
.sim-nav[data-custom]{position:absolute;inset:0 0 auto;z-index:1;background:none;
  pointer-events:none}
.sim-nav[data-custom] h1,.sim-nav[data-custom] button{display:none}
.sim-capsule{position:absolute;right:7px;top:6px;display:flex;align-items:center;
  justify-content:space-around;width:87px;height:32px;border:.5px solid;border-radius:16px;
  border-color:color-mix(in srgb,currentColor 15%,transparent);
  background:color-mix(in srgb,var(--nav-back) 60%,transparent)}
.sim-capsule::after{content:"";position:absolute;left:50%;height:18px;width:.5px;
  background:currentColor;opacity:.2}

.sim-tabs{position:relative;flex:none;display:flex;height:49px;background:var(--tab-back)}
.sim-tabs::before{content:"";position:absolute;inset:0 0 auto;height:.5px;
  background:var(--tab-line)}
.sim-tabs button{flex:1;display:flex;flex-direction:column;align-items:center;
  justify-content:center;gap:2px;color:var(--tab-text);font-size:10px;line-height:1.4}
.sim-tabs button[data-plain]{font-size:14px}
.sim-tabs button[aria-current=page]{color:var(--tab-selected)}
.sim-tabs img{width:27px;height:27px}

.sim-toast{position:absolute;left:50%;top:42%;z-index:3;transform:translate(-50%,-50%);
  display:flex;flex-direction:column;align-items:center;justify-content:center;gap:10px;
  min-width:136px;max-width:240px;min-height:136px;padding:20px 12px;border-radius:12px;
  background:#4c4c4c;color:rgba(255,255,255,.9);font-size:17px;text-align:center;
  overflow-wrap:anywhere;pointer-events:none}
.sim-toast[data-icon=none]{min-width:0;min-height:0;padding:12px 16px;font-size:14px}
.sim-toast svg{width:40px;height:40px}
.sim-toast[data-icon=loading] svg{animation:sim-spin 1s steps(12) infinite}
@keyframes sim-spin{to{transform:rotate(360deg)}}
@media (prefers-reduced-motion:reduce){.sim-toast[data-icon=loading] svg{animation-duration:4s}}
`
