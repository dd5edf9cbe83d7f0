using Sharing.Social;

namespace Sharing.Tests.Social;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<p>One</p><p>Two<br/>three</p>", "One\n\nTwo\nthree")]
    [InlineData("plain & <b>bold</b> &lt;script&gt;", "plain & bold <script>")]
    [InlineData("a<script>alert(1)</script>b<style>p{}</style>c", "abc")]
    [InlineData("a<script>alert(1)", "a")]
    [InlineData("<img src=x onerror=alert(1)>x", "x")]
    [InlineData("<a href='javascript:alert(1)' title='>'>link</a>", "link")]
    [InlineData("<!-- hidden <p>text</p> -->shown", "shown")]
    [InlineData("<!-- never ended", "")]
    [InlineData("<p never ended", "")]
    [InlineData("1 < 2 and 3 > 2", "1 < 2 and 3 > 2")]
    [InlineData("<<p>>", "<>")]
    [InlineData("<iframe src=//evil.example></iframe><SCRIPT>x</ScRiPt >y", "y")]
    [InlineData("a\u202Eb\u0000c\u2066d", "abcd")]
    [InlineData("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم")]
    [InlineData("<a href=\"https://x.example/a\"><span class=\"invisible\">https://</span><span>x.example</span><span class=\"invisible\">/a</span></a>", "https://x.example/a")]
    public void Of_a_stranger_s_page_nothing_is_left_but_its_text(string html, string text) => Assert.Equal(text, HtmlText.Plain(html));

    [Fact]
    public void A_text_without_end_is_cut()
    {
        Assert.Equal(HtmlText.Most, HtmlText.Plain(new string('x', 1_000_000)).Length);
        Assert.InRange(HtmlText.Plain(string.Concat(Enumerable.Repeat("<p>", 1_000_000))).Length, 0, HtmlText.Most);
        Assert.InRange(HtmlText.Plain(string.Concat(Enumerable.Repeat("😀", 100_000))).Length, HtmlText.Most - 1, HtmlText.Most);
    }

    [Fact]
    public void Whatever_comes_never_leaves_a_tag_that_a_browser_would_read_as_markup_of_its_own()
    {
        var random = new Random(7);
        string[] parts = ["<", ">", "</", "script", "p", " ", "\"", "'", "=", "&lt;", "&gt;", "&#60;", "<!--", "-->", "x", "/", "\n", "<style>", "</style"];
        for (var i = 0; i < 20_000; i++)
        {
            _ = HtmlText.Plain(string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => parts[random.Next(parts.Length)]))); // no fault, no endless loop
        }
    }
}
