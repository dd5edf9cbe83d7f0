using Sharing.Tests.Laws;

namespace Sharing.Tests.Messages;

public sealed class MessagesPageTests
{
    /// <summary>The handler of the page is the one that is packed, signed, fetched and run by the tests and the Tour.</summary>
    [Fact]
    public void The_handler_on_the_page_is_the_sample()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "messages.md"));
        foreach (var file in (string[])["manifest.json", "files/open.py"])
        {
            Assert.Contains(File.ReadAllText(Path.Combine(Repository.Root, "samples", "Handlers", "chart", file)), page, StringComparison.Ordinal);
        }
    }
}
