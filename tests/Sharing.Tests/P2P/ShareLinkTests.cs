using Sharing.P2P;

namespace Sharing.Tests.P2P;

public sealed class ShareLinkTests
{
    const string Share = "0123456789abcdef0123456789abcdef";
    const string Device = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    public static TheoryData<string> Good =>
    [
        $"https://share.example.org/s/{Share}",
        $"http://localhost:5080/s/{Share}",
        $"https://share.example.org/our/place/s/{Share}",
        $"https://share.example.org/s/{Share}#origin={Device}",
        $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7:7400",
        $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7:7400,%5Bfd00::7%5D:7400",
    ];

    public static TheoryData<string> Bad =>
    [
        "", "s", "share", $"/s/{Share}", Share, $"ftp://share.example.org/s/{Share}", $"file:///s/{Share}", $"javascript://share.example.org/s/{Share}",
        $"https://share.example.org/d/{Share}", $"https://share.example.org/s/{Share}/", $"https://share.example.org/s/{Share}x", $"https://share.example.org/s/{Share.ToUpperInvariant()}",
        $"https://share.example.org/s/{Share[1..]}", $"https://share.example.org/s/{Share}?origin=x", $"https://anna:secret@share.example.org/s/{Share}", $"https://share.example.org/xs/{Share}",
        $"https://share.example.org/s/{Share}#origin=", $"https://share.example.org/s/{Share}#origin={Device[1..]}", $"https://share.example.org/s/{Share}#origin={Device.ToUpperInvariant()}",
        $"https://share.example.org/s/{Share}#origin={Device}@", $"https://share.example.org/s/{Share}#origin={Device}@example.org:7400", $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7",
        $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7:0", $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7:70000", $"https://share.example.org/s/{Share}#origin={Device}@7:7400",
        $"https://share.example.org/s/{Share}#origin={Device}@[fe80::1%251]:7400", $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7:7400,",
        $"https://share.example.org/s/{Share}#origin={Device}@{string.Join(',', Enumerable.Repeat("10.0.0.7:7400", 9))}",
        $"https://share.example.org/s/{Share}#origin={Device}@10.0.0.7:7400\r\nHost: x", $"https://share.example.org/{new string('a', 2000)}/s/{Share}",
    ];

    [Theory]
    [MemberData(nameof(Good))]
    [Trait("Row", "D2")]
    public void A_link_is_read_and_written_as_it_was(string text)
    {
        Assert.True(ShareLink.TryParse(text, out var link));
        Assert.Equal(text, link.ToString());
        Assert.Equal(link, ShareLink.Parse(link.ToString()));
        Assert.Equal(text.Split('#')[0], link.AtServer.ToString());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    [Trait("Row", "D2")]
    public void What_is_no_link_is_none(string text)
    {
        Assert.False(ShareLink.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ShareLink.Parse(text));
    }

    [Fact]
    [Trait("Row", "D2")]
    public void What_others_put_behind_the_link_is_passed_over()
    {
        Assert.True(ShareLink.TryParse($"https://share.example.org/s/{Share}#t=30", out var link));
        Assert.Equal($"https://share.example.org/s/{Share}", link.ToString());
    }
}
