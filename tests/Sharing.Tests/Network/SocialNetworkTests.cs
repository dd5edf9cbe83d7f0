using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Sqlite;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Network;

public sealed class MemorySocialNetworkTests : SocialNetworkSuite
{
    protected override Task<NetworkUnderTest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        var networks = new Networks(new MemoryRecordStore(), time);
        return Task.FromResult(Networks.UnderTest(networks.Network, networks.Relationships, time));
    }
}

public sealed class SqliteSocialNetworkTests : SocialNetworkSuite
{
    readonly TemporaryFolder _folder = new();
    SqliteRecordStore _records = null!;

    protected override Task<NetworkUnderTest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        _records = new(new() { Path = _folder.Join("records.db") });
        var networks = new Networks(_records, time);
        return Task.FromResult(Networks.UnderTest(networks.Network, networks.Relationships, time));
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _records.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class HttpSocialNetworkTests : SocialNetworkSuite
{
    SharingHost _host = null!;

    protected override async Task<NetworkUnderTest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        _host = await SharingHost.StartAsync(sharing =>
        {
            sharing.AddSocialNetwork();
            sharing.Services.AddSingleton<ISocialNetwork>(provider => ActivatorUtilities.CreateInstance<RecordSocialNetwork>(provider, time));
        });
        return Networks.UnderTest(new HttpSocialNetwork(_host.Connect()), new HttpRelationships(_host.Connect()), time);
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();
}
