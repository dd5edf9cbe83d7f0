namespace Sharing.Tests.Http;

/// <summary>Messages: those that somebody received or sent are his alone.</summary>
[Trait("Row", "M4")]
public sealed class MessageAccessTests(MessagesUnderTest messages) : AccessSuite(messages), IClassFixture<MessagesUnderTest>
{
    protected override IEnumerable<(string Method, string Path)> Unknown => [("DELETE", "v1/messages"), ("PUT", "v1/inbox/x"), ("GET", "v1/inbox/x/y/z"), ("BREW", "v1/catalog")];
}
