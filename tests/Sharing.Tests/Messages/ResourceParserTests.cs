using System.Text;
using Sharing.Messaging;

namespace Sharing.Tests.Messages;

[Trait("Row", "M6")]
public sealed class ResourceParserTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D", "photo.png", "image/png", "image/png")]
    [InlineData("89504E470D0A1A0A0000000D", "page.html", "text/html", "image/png")] // by its bytes
    [InlineData("3C68746D6C3E3C7363726970743E", "photo.png", "image/png", "text/html")]
    [InlineData("3C68746D6C3E", "notes.txt", "text/plain", "text/html")] // a page is a page, whatever it is said to be
    [InlineData("3C73766720786D6C6E733D22", "photo.png", "image/png", "image/svg+xml")]
    [InlineData("2020203C21444F43545950452068746D6C3E", null, "text/markdown", "text/html")]
    [InlineData("EFBBBF3C3F786D6C2076657273696F6E3D22312E30223F3E3C737667", null, "application/xml", "image/svg+xml")]
    [InlineData("23206865616474696E67", "readme.md", "text/markdown", "text/markdown")]
    [InlineData("7B2261223A317D", "a.json", "application/json", "application/json")]
    [InlineData("7B2261223A317D", "a.js", "text/javascript", "text/plain")] // never a program
    [InlineData("4D5A900003", "film.mp4", "video/mp4", "application/vnd.microsoft.portable-executable")]
    [InlineData("7F454C460201", "song.mp3", "audio/mpeg", "application/x-executable")]
    [InlineData("2321206269", "notes.txt", "text/plain", "text/x-shellscript")]
    [InlineData("504B0304140000000800", "book.epub", "application/epub+zip", "application/epub+zip")]
    [InlineData("504B0304140000000800", "photo.png", "image/png", "application/zip")]
    [InlineData("0000001866747970617669660000", null, null, "image/avif")]
    [InlineData("000000186674797069736F6D0000", "a.mp4", "video/mp4", "video/mp4")]
    [InlineData("1A45DFA3", "film.mkv", "video/x-matroska", "video/x-matroska")]
    [InlineData("00010203FF", "x.png", "image/png", "application/octet-stream")] // said to be what it would show if it were
    [InlineData("00010203FF", "x.chart", "application/x-chart", "application/x-chart")] // may be: what opens it looks for itself
    [InlineData("", "empty.html", "text/html", "text/plain")]
    public void A_resource_is_what_its_bytes_show_and_what_is_said_only_narrows_that(string hex, string? name, string? said, string expected)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(expected, ResourceParser.Parse(bytes, bytes.Length, name, said).Best);
    }

    [Fact]
    public void A_kind_that_nobody_knows_is_opened_by_its_first_bytes_and_never_by_what_is_said_alone()
    {
        var (said, magic) = (new Says(null), new Says("0001"));
        var type = new ResourceType(ResourceType.Unknown, "application/x-chart");
        Assert.Null(new ResourceHandlers([said]).Find(type, [0, 1, 2]));
        Assert.Null(new ResourceHandlers([magic]).Find(type, [0, 2]));
        Assert.Same(magic, new ResourceHandlers([said, magic]).Find(type, [0, 1, 2]));
        Assert.Null(new ResourceHandlers([magic]).Find(new("image/png", null), [0, 1, 2])); // they show something else
    }

    [Fact]
    public void Text_that_is_cut_in_the_middle_of_a_character_is_still_text_and_a_polyglot_is_never_a_page_by_name()
    {
        var text = Encoding.UTF8.GetBytes(new string('a', ResourceParser.Most - 1) + "ä and more")[..ResourceParser.Most];
        Assert.Equal("text/plain", ResourceParser.Parse(text, 10_000, null, null).Best);
        byte[] polyglot = [.. "GIF89a"u8, .. "/*<html><script>alert(1)</script>*/"u8];
        Assert.Equal("image/gif", ResourceParser.Parse(polyglot, polyglot.Length, "a.html", "text/html").Best);
    }

    sealed class Says(string? magic) : IResourceHandler
    {
        public string Id => "says";

        public IReadOnlyList<HandledKind> Kinds => [new() { MediaType = "application/x-chart", Magic = magic }];

        public Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
