# ruff: noqa: E501 - a piece of text stays in one line
"""Hostile text, as a customer could write it: each piece tries to set `window.__ran`."""

from __future__ import annotations

CALL = "window.__ran=(window.__ran||0)+1"

_TAGS = (
    "img src=x", "svg", "body", "video src=x", "audio src=x", "iframe src=about:blank", "details open",
    "input autofocus", "select autofocus", "textarea autofocus", "object data=x", "embed src=x",
    "marquee", "style", "math", "a href=# id=x tabindex=1", "div contenteditable", "button autofocus",
)  # fmt: skip
_HANDLERS = (
    "onerror",
    "onload",
    "onfocus",
    "onstart",
    "ontoggle",
    "onmouseover",
    "onanimationstart",
)
_SCHEMES = (
    "javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:",
    "&#106;avascript:", "&#x6A;avascript:", "javascript&colon;", "data:text/html,<script>",
    "vbscript:", "jav&#x09;ascript:", "javascript://%0a", "feed:javascript:",
)  # fmt: skip
_PLACES = (
    '<a href="{}">x</a>', '<iframe src="{}"></iframe>', '<form action="{}"><button>x</button></form>',
    '<object data="{}"></object>', '<svg><a xlink:href="{}"><text>x</text></a></svg>',
)  # fmt: skip
_OTHERS = (
    "<script>{}</script>", "<SCRIPT>{}</SCRIPT>", "<script/x>{}</script>", "<scr<script>ipt>{}</script>",
    '"><script>{}</script>', "'><script>{}</script>", "</title><script>{}</script>",
    "</textarea><script>{}</script>", "</style><script>{}</script>", "--><script>{}</script>",
    "]]><script>{}</script>", "<svg><script>{}</script></svg>", "<math><script>{}</script></math>",
    "<noscript><p title=\"</noscript><img src=x onerror={}>\">",
    "<svg><style><img src=x onerror={}></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={}&gt;\">",
    "<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id=\"</textarea><img onerror={} src=1>\">",
    "<template><script>{}</script></template>", "<xmp><img src=x onerror={}></xmp>",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "<svg><set attributeName=x onbegin={}>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<base href='javascript:{}//'>",
    "<link rel=stylesheet href='javascript:{}'>", "<p style=\"background:url(javascript:{})\">x</p>",
    "<div style=\"width:expression({})\">x</div>", "<table background='javascript:{}'>",
    "<img src=`x`onerror={}>", "<img/src=x/onerror={}>", "<img\nsrc=x\nonerror={}>", "<IMG SRC=x ONERROR={}>",
    "<img src=x onerror\x0b={}>", "<img src=x\x00 onerror={}>", "<<img src=x onerror={}>", "\\u003cimg src=x onerror={}\\u003e",
    "&lt;img src=x onerror={}&gt;", "%3Cimg src=x onerror={}%3E", "${{{}}}", "{{{{constructor.constructor('{}')()}}}}",
    "<iframe srcdoc=\"<script>parent.{}</script>\"></iframe>", "<iframe srcdoc='&lt;script&gt;parent.{}&lt;/script&gt;'></iframe>",
)  # fmt: skip

PAYLOADS: list[str] = [
    *(f"<{tag} {handler}={CALL}>" for tag in _TAGS for handler in _HANDLERS),
    *(place.format(scheme + CALL) for place in _PLACES for scheme in _SCHEMES),
    *(other.format(CALL) for other in _OTHERS),
]
