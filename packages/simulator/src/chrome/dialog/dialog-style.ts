/** Styles of WeChat's own dialogs over the pages. */
export const DIALOG_STYLE = `
.sim-mask{position:absolute;inset:0;z-index:2;display:flex;align-items:center;
  justify-content:center;background:rgba(0,0,0,.6);animation:sim-fade .15s}
@keyframes sim-fade{from{opacity:0}}
.sim-phone [role=dialog]:focus{outline:0}
.sim-modal{width:min(320px,calc(100% - 48px));border-radius:12px;overflow:hidden;
  background:var(--sim-sheet);text-align:center}
.sim-modal h2{margin:0;padding:32px 24px 16px;font-size:17px;font-weight:700;
  overflow-wrap:anywhere}
.sim-modal p{max-height:50vh;margin:0;padding:0 24px 32px;overflow:auto;color:var(--sim-soft);
  white-space:pre-line;overflow-wrap:anywhere}
.sim-modal p:first-child{padding-top:32px;color:var(--sim-text)}
.sim-modal div{display:flex;border-top:.5px solid var(--sim-line)}
.sim-modal button{flex:1;min-width:0;height:56px;font-weight:700;overflow:hidden;
  text-overflow:ellipsis;white-space:nowrap}
.sim-modal button+button{border-left:.5px solid var(--sim-line)}
.sim-modal button[data-confirm]{color:var(--sim-link)}
.sim-mask[data-place=bottom]{align-items:flex-end}
.sim-sheet{width:100%;border-radius:12px 12px 0 0;overflow:hidden;background:var(--sim-gap);
  animation:sim-rise .2s}
@keyframes sim-rise{from{transform:translateY(40%)}}
.sim-sheet button{display:block;width:100%;min-height:56px;padding:12px 16px;
  background:var(--sim-sheet);border-bottom:.5px solid var(--sim-line)}
.sim-sheet button:last-child{margin-top:8px;border-bottom:0}

.sim-request{width:100%;max-height:100%;padding:24px 24px 32px;overflow:auto;
  border-radius:12px 12px 0 0;background:var(--sim-sheet);animation:sim-rise .2s}
.sim-request header{display:flex;align-items:center;gap:8px;font-size:15px;white-space:pre}
.sim-request header i{display:grid;place-items:center;width:24px;height:24px;border-radius:50%;
  background:#07c160;color:#fff;font-size:12px;font-style:normal}
.sim-request h2{margin:28px 0 0;font-size:20px;font-weight:600;line-height:1.4}
.sim-request p{margin:8px 0 0;color:var(--sim-soft);font-size:15px;overflow-wrap:anywhere}
.sim-offered{display:flex;flex-direction:column;position:relative;margin-top:20px;padding:14px 40px
  14px 0;border:solid var(--sim-line);border-width:.5px 0}
.sim-offered small{color:var(--sim-soft);font-size:13px}
.sim-offered span[aria-hidden]{position:absolute;right:4px;top:50%;transform:translateY(-50%);
  color:#07c160}
.sim-request>div:last-child{display:flex;justify-content:center;gap:16px;margin-top:48px}
.sim-request>div:last-child button{flex:0 1 136px;min-height:48px;padding:8px;border-radius:8px;
  background:var(--sim-quiet);font-weight:600}
.sim-request>div:last-child button[data-confirm]{background:#07c160;color:#fff}

.sim-mask[data-place=full]{align-items:stretch;background:var(--sim-gap)}
.sim-settings{width:100%;overflow:auto;background:var(--sim-gap);animation:sim-slide .2s}
@keyframes sim-slide{from{transform:translateX(30%)}}
.sim-settings-bar{position:relative;display:grid;place-items:center;height:44px}
.sim-settings-bar button{position:absolute;left:6px;display:grid;place-items:center;width:44px;
  height:44px}
.sim-settings h1{margin:0;font-size:17px;font-weight:600}
.sim-settings p{margin:24px 16px 8px;color:var(--sim-soft);font-size:14px}
.sim-settings [role=switch]{display:flex;align-items:center;justify-content:space-between;
  width:100%;min-height:56px;padding:12px 16px;background:var(--sim-sheet);
  border-bottom:.5px solid var(--sim-line);text-align:left}
.sim-settings [role=switch] i{position:relative;flex:none;width:52px;height:32px;border-radius:16px;
  background:var(--sim-off);transition:background-color .15s}
.sim-settings [role=switch] i::after{content:"";position:absolute;top:2px;left:2px;width:28px;
  height:28px;border-radius:50%;background:#fff;box-shadow:0 1px 3px rgba(0,0,0,.3);
  transition:transform .15s}
.sim-settings [aria-checked=true] i{background:#07c160}
.sim-settings [aria-checked=true] i::after{transform:translateX(20px)}
@media (prefers-reduced-motion:reduce){.sim-mask,.sim-sheet,.sim-request,.sim-settings{
  animation:none}}
`
