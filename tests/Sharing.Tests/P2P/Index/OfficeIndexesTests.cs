using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OwnIndex;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Trials.Index;

namespace Sharing.Tests.P2P.Index;

[Trait("Row", "D6")]
public sealed class OfficeIndexesTests : ChunkIndexSuite
{
    readonly TestShare _share = new();
    readonly MemoryChunkIndex[] _indexes = new MemoryChunkIndex[2];

    protected override Task<IndexUnderTest> CreateAsync()
    {
        var (time, options) = (new FakeTimeProvider(), new P2POptions());
        for (var i = 0; i < 2; i++)
        {
            _indexes[i] = new MemoryChunkIndex(_share.Keys(time), new FoundEverywhere(), Options.Create(options), time);
        }

        var both = new Both(_indexes[0], _indexes[1]);
        return Task.FromResult(new IndexUnderTest
        {
            IndexOf = _ => both, DeviceOf = TestShare.NameOf, SignAsync = _share.SignAsync, Content = _share.Content, Time = time, ConvergeAsync = static () => Task.CompletedTask,
            MembersPerAnswer = options.MembersPerAnswer,
        });
    }

    protected override ValueTask CleanUpAsync()
    {
        Array.ForEach(_indexes, static index => index.Dispose());
        _share.Dispose();
        return default;
    }

    [Fact]
    public async Task Whom_either_knows_is_told_and_one_that_fails_is_as_one_that_knows_nobody()
    {
        await AnnounceAsync(_indexes[0], 1);
        await AnnounceAsync(_indexes[1], 2);
        Assert.Equal(2, (await AnnounceAsync(new Both(_indexes[0], _indexes[1]), 0)).Members.Count);
        Assert.Equal(TestShare.NameOf(1), Assert.Single((await AnnounceAsync(new Both(new Broken(), _indexes[0]), 0)).Members).Device);
        await Assert.ThrowsAsync<IOException>(() => AnnounceAsync(new Both(new Broken(), new Broken()), 0));
    }

    [Fact]
    public async Task Both_are_taken_in_by_one_line_before_or_after_the_rest()
    {
        foreach (var first in (bool[])[true, false])
        {
            var services = new ServiceCollection().AddLogging();
            services.AddSharing(sharing => _ = first ? sharing.UseIndexPlacement<OfficeIndexes>().AddP2P() : sharing.AddP2P().UseIndexPlacement<OfficeIndexes>());
            await using var terminal = services.BuildServiceProvider();
            var manifest = new ShareManifest
            {
                Share = ShareId.New(), Name = "film", MediaType = null, Content = _share.Content.Id, Length = _share.Content.Length, ChunkSize = TestShare.ChunkSize, Ticket = "", TicketKey = [],
            };
            Assert.IsType<Both>(terminal.GetRequiredService<IIndexPlacement>().Of(manifest, new("https://share.example.org/")));

            var server = new ServiceCollection().AddLogging();
            server.AddSharing(sharing => _ = first ? sharing.UseIndex<Broken>().AddSharedData() : sharing.AddSharedData().UseIndex<Broken>());
            await using var data = server.BuildServiceProvider();
            Assert.IsType<Broken>(data.GetRequiredService<IChunkIndex>());
        }
    }

    [Fact]
    public void The_page_about_an_index_of_ones_own_has_exactly_this_code_and_it_is_short()
    {
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, "tests/Sharing.Tests/P2P/Index/OfficeIndexes.cs")).ReplaceLineEndings("\n").Trim();
        var page = File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/own-index.md")).ReplaceLineEndings("\n");
        Assert.Contains("```csharp\n" + code + "\n```", page, StringComparison.Ordinal);
        Assert.True(code.Split('\n').Length < 50);
    }

    async Task<SwarmView> AnnounceAsync(IChunkIndex index, int terminal)
    {
        var device = TestShare.NameOf(terminal);
        var ticket = await _share.SignAsync(new()
        {
            Share = ShareId.New(), Content = _share.Content.Id, Length = _share.Content.Length, Device = device, Expires = Subject.Time.GetUtcNow() + TimeSpan.FromDays(1),
        });
        return await index.AnnounceAsync(_share.Content.Id, new() { Device = device, Addresses = [$"10.0.0.{terminal + 1}:7400"] }, ticket, Cancel);
    }

    sealed class Broken : IChunkIndex
    {
        public ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default) => ValueTask.FromException<SwarmView>(new IOException());

        public ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default) => default;
    }
}
