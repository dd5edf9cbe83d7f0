namespace Sharing.Tests.Http;

/// <summary>The document of a message server.</summary>
public sealed class MessageOpenApiTests(MessagesUnderTest messages) : OpenApiSuite(messages, "docs/api/openapi.messages.json"), IClassFixture<MessagesUnderTest>
{
    protected override string[] Repeatable => ["sendMessage"];

    protected override string[] OpenToEveryone => ["describeUpload", "describeUploads", "getHandler", "getHandlerHead", "listHandlers"];
}
