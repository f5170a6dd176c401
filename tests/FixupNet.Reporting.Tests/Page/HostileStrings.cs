namespace FixupNet.Reporting.Tests.Page;

/// <summary>Names and messages that would do harm on a page that did not escape them. Each calls "harmed()" where it takes effect.</summary>
internal static class HostileStrings
{
    public static IReadOnlyList<string> All { get; } =
    [
        "<script>harmed()</script>", "</script><script>harmed()</script>", "</title><script>harmed()</script>", "</style><script>harmed()</script>",
        "<img src=x onerror=harmed()>", "\"><img src=x onerror=harmed()>", "'><img src=x onerror=harmed()>", "<svg onload=harmed()>", "<svg/onload=harmed()>",
        "<body onload=harmed()>", "<iframe src=javascript:harmed()>", "<iframe srcdoc='<script>parent.harmed()</script>'>", "<object data=javascript:harmed()>",
        "<embed src=javascript:harmed()>", "<a href=javascript:harmed()>x</a>", "javascript:harmed()", "\" onmouseover=\"harmed()", "' onfocus='harmed()' autofocus='",
        "<input autofocus onfocus=harmed()>", "<details open ontoggle=harmed()>", "<video><source onerror=harmed()></video>", "<audio src=x onerror=harmed()>",
        "<marquee onstart=harmed()>", "<math><mtext><script>harmed()</script></mtext></math>", "<base href=https://example.invalid/>",
        "<link rel=stylesheet href=https://example.invalid/x.css>", "<meta http-equiv=refresh content='0;url=https://example.invalid/'>",
        "<style>*{background:url(https://example.invalid/)}</style>", "<form action=https://example.invalid/><input type=submit></form>",
        "<!--", "-->", "<!--<script>harmed()//-->", "]]><script>harmed()</script>", "<![CDATA[<script>harmed()</script>]]>", "<?xml version='1.0'?>",
        "{{constructor.constructor('harmed()')()}}", "${harmed()}", "`-harmed()-`", "\\\"-harmed()-\\\"", "\\u003cscript\\u003eharmed()\\u003c/script\\u003e",
        "&lt;script&gt;harmed()&lt;/script&gt;", "&#60;script&#62;harmed()&#60;/script&#62;", "%3Cscript%3Eharmed()%3C/script%3E", "<scr\0ipt>harmed()</scr\0ipt>",
        "\u2028harmed()\u2029", "\u202Eevil\u202C", "<template><script>harmed()</script></template>", "<noscript><p title=\"</noscript><img src=x onerror=harmed()>\">",
        "<xmp><script>harmed()</script></xmp>", "<textarea><script>harmed()</script>", "__proto__", "constructor",
    ];
}
