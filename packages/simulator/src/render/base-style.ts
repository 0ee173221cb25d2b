/**
 * WeChat's default styles of built-in components. The specificity is the same as on a phone, so that
 * the same rules of a mini program override them: `button { … }` has the specificity of a tag,
 * `type="primary"` that of a tag and an attribute.
 */
export const BASE_STYLE = `
.sim-viewport{--rpx:calc(100cqw / 750);container-type:inline-size;position:relative;height:100%;
  overflow:hidden;background:#fff;color:#000;font:16px/normal -apple-system,BlinkMacSystemFont,
  "Helvetica Neue","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
  -webkit-text-size-adjust:100%;-webkit-tap-highlight-color:transparent;overflow-wrap:break-word}
.sim-page{height:100%;overflow:hidden auto;scrollbar-width:none;overscroll-behavior:contain}
.sim-page[hidden]{display:none}
wx-page{display:flow-root;min-height:100%;box-sizing:border-box}
[hidden]{display:none!important}
wx-view,wx-form,wx-label,wx-scroll-view,wx-checkbox-group,wx-radio-group,wx-rich-text,wx-progress,
wx-textarea,wx-input,wx-image,wx-cover-view,wx-navigator{display:block}
wx-label{display:inline-block}
wx-sim-slot-default{display:contents}
wx-text{display:inline;white-space:pre-line}
wx-scroll-view{overflow:hidden;width:100%;-webkit-overflow-scrolling:touch}
wx-scroll-view[scroll-x]{overflow-x:auto}
wx-scroll-view[scroll-y]{overflow-y:auto}
wx-navigator{cursor:pointer}
.navigator-hover{background-color:rgba(0,0,0,.1);opacity:.7}

wx-button{position:relative;display:block;margin-left:auto;margin-right:auto;padding:0 14px;
  box-sizing:border-box;font-size:18px;text-align:center;text-decoration:none;
  line-height:2.55555556;border-radius:5px;overflow:hidden;color:#000;background-color:#f8f8f8;
  cursor:pointer;-webkit-user-select:none;user-select:none}
wx-button::after{content:" ";position:absolute;top:0;left:0;width:200%;height:200%;
  box-sizing:border-box;border:1px solid rgba(0,0,0,.2);border-radius:10px;transform:scale(.5);
  transform-origin:0 0;pointer-events:none}
wx-button[type=primary]{color:#fff;background-color:#1aad19}
wx-button[type=warn]{color:#fff;background-color:#e64340}
wx-button[plain]{color:#353535;background-color:transparent;border:1px solid #353535}
wx-button[plain]::after{border-width:0}
wx-button[plain][type=primary]{color:#1aad19;border-color:#1aad19}
wx-button[plain][type=warn]{color:#e64340;border-color:#e64340}
wx-button[size=mini]{display:inline-block;padding:0 1.34em;font-size:13px;line-height:2.3}
wx-button[disabled]{color:rgba(0,0,0,.3);cursor:default}
wx-button[disabled][type=primary],wx-button[disabled][type=warn]{color:rgba(255,255,255,.6);
  opacity:.75}
.button-hover{background-color:#dedede}
.button-hover[type=primary]{background-color:#179b16}
.button-hover[type=warn]{background-color:#ce3c39}
wx-button[loading]::before{content:" ";display:inline-block;width:18px;height:18px;
  margin-right:6px;vertical-align:middle;box-sizing:border-box;border:2px solid currentColor;
  border-right-color:transparent;border-radius:50%;animation:sim-turn 1s linear infinite}
@keyframes sim-turn{to{transform:rotate(360deg)}}
:where(.sim-viewport[data-style=v2]) wx-button:not([size=mini]){width:184px;padding:8px 24px;
  font-size:17px;font-weight:700;line-height:1.41176471;border-radius:4px}
:where(.sim-viewport[data-style=v2]) wx-button{color:#06ae56;background-color:#f2f2f2}
:where(.sim-viewport[data-style=v2]) wx-button::after{border-width:0}
:where(.sim-viewport[data-style=v2]) wx-button[type=primary]{color:#fff;background-color:#07c160}
:where(.sim-viewport[data-style=v2]) wx-button[type=warn]{color:#fa5151;background-color:#f2f2f2}
:where(.sim-viewport[data-style=v2][data-theme=dark]) wx-button[type=default]{color:#7d7d7d;
  background-color:#2c2c2c}

wx-input{position:relative;height:1.4em;min-height:1.4em;line-height:1.4em;overflow:hidden;
  cursor:text}
wx-textarea{position:relative;width:300px;height:150px;line-height:1.4;overflow:hidden}
wx-input>input,wx-textarea>textarea{display:block;width:100%;height:100%;margin:0;padding:0;
  border:0;outline:0;background:none;color:inherit;font:inherit;line-height:inherit;
  letter-spacing:inherit;text-align:inherit;resize:none;box-sizing:border-box;border-radius:0;
  -webkit-appearance:none;appearance:none}
wx-input>input:disabled{opacity:1;-webkit-text-fill-color:currentColor}
wx-input>input::placeholder,wx-textarea>textarea::placeholder{color:transparent}
wx-sim-hint{position:absolute;inset:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;
  pointer-events:none;color:gray}
wx-input>wx-sim-hint{display:flex;align-items:center}
wx-input:has(>input:focus-visible),wx-textarea:has(>textarea:focus-visible){outline:0}

wx-switch,wx-checkbox,wx-radio{display:inline-block;vertical-align:middle;cursor:pointer}
wx-switch{position:relative;width:52px;height:32px;box-sizing:border-box;border-radius:16px;
  border:1px solid #dfdfdf;background-color:#dfdfdf;transition:background-color .1s}
wx-switch::after{content:" ";position:absolute;top:0;left:0;width:30px;height:30px;
  border-radius:15px;background:#fff;box-shadow:0 1px 3px rgba(0,0,0,.4);transition:transform .2s}
wx-switch[aria-checked=true]{background-color:var(--control-color,#04be02);
  border-color:var(--control-color,#04be02)}
wx-switch[aria-checked=true]::after{transform:translateX(20px)}
wx-checkbox::before,wx-radio::before{content:" ";display:inline-block;width:22px;height:22px;
  margin-right:5px;vertical-align:middle;box-sizing:border-box;border:1px solid #d1d1d1;
  border-radius:3px;background:#fff}
wx-radio::before{border-radius:50%}
wx-checkbox[aria-checked=true]::before{background:#fff
  url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath d='M6.5 12.4l3.7 3.7 7.4-7.8' fill='none' stroke='%2309bb07' stroke-width='2.4'/%3E%3C/svg%3E")
  center/contain}
wx-radio[aria-checked=true]::before{border-color:var(--control-color,#09bb07);
  background:var(--control-color,#09bb07)
  url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath d='M6.5 12.4l3.7 3.7 7.4-7.8' fill='none' stroke='%23fff' stroke-width='2.4'/%3E%3C/svg%3E")
  center/80% no-repeat}
:is(wx-switch,wx-checkbox,wx-radio)[aria-disabled=true]{opacity:.6;cursor:default}

wx-image{display:inline-block;width:320px;height:240px;overflow:hidden}
wx-image>img{display:block;width:100%;height:100%}
wx-image>img:not([src]){visibility:hidden}
wx-image[mode=widthFix]{height:auto}
wx-image[mode=widthFix]>img{height:auto}
wx-image[mode=heightFix]{width:auto}
wx-image[mode=heightFix]>img{width:auto}
wx-icon{display:inline-block;vertical-align:middle}
wx-progress{display:flex;align-items:center}
wx-progress>div{flex:1;overflow:hidden}
wx-progress>div>div{height:100%}
wx-progress>span{margin-left:15px;font-size:16px}
:focus-visible{outline:2px solid #10aeff;outline-offset:2px}

.sim-nickname{position:fixed;inset:auto 0 0;z-index:9;padding:8px;background:#f7f7f7;
  border-top:.5px solid rgba(0,0,0,.1);text-align:center;line-height:1.4}
.sim-nickname button{min-height:44px;padding:6px 16px;border:0;border-radius:8px;background:#fff;
  color:rgba(0,0,0,.9);font:inherit;font-size:15px;cursor:pointer}
.sim-nickname b{font-weight:600}
.sim-viewport[data-theme=dark] .sim-nickname{background:#1e1e1e}
.sim-viewport[data-theme=dark] .sim-nickname button{background:#2c2c2c;color:rgba(255,255,255,.8)}

.sim-pull{position:absolute;inset:0 0 auto;height:50px;display:flex;gap:8px;align-items:center;
  justify-content:center}
.sim-pull[hidden]{display:none}
.sim-pull i{width:7px;height:7px;border-radius:50%;background:currentColor;opacity:.2;
  animation:sim-dot 1s infinite}
.sim-pull i:nth-child(2){animation-delay:.2s}
.sim-pull i:nth-child(3){animation-delay:.4s}
@keyframes sim-dot{30%{opacity:.6}}
@media (prefers-reduced-motion:reduce){.sim-pull i,wx-button[loading]::before{animation-duration:3s}}
`
