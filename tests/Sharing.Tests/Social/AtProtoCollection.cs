using Sharing.Trials;

namespace Sharing.Tests.Social;

/// <summary>One network for all tests that need it; each has accounts of its own.</summary>
public sealed class AtProtoFixture : IAsyncLifetime
{
    internal AtProtoNetwork Network { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Network = await AtProtoNetwork.StartAsync();

    public ValueTask DisposeAsync() => Network.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class AtProtoCollection : ICollectionFixture<AtProtoFixture>
{
    public const string Name = "AT Protocol";
}
