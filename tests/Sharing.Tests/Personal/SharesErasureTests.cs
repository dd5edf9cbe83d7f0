using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Tests.Hosting;
using Sharing.Tests.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Personal;

/// <summary>What a shared-data server keeps about somebody.</summary>
[Trait("Row", "C1")]
public sealed class SharesErasureTests
{
    static readonly PersonId s_olga = PersonId.Parse("olga-mark-person"), s_ben = PersonId.Parse("ben");
    static readonly string s_device = new('a', 64), s_bensDevice = new('b', 64);
    static readonly byte[] s_first = Encoding.ASCII.GetBytes("mark-bytes-first " + new string('x', 100_000)), s_both = Encoding.ASCII.GetBytes("bytes that two have " + new string('y', 100_000));
    static readonly string[] s_marks = [s_olga.Value, "mark-name", "mark-type", "mark-second", s_device];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Shares_and_terminals_are_taken_out_and_are_gone_after_that_and_those_of_others_are_there()
    {
        await using var bench = await StartAsync();
        var host = bench.Server.Services;
        var first = await PlantAsync(bench);
        var bens = await ShareAsync(bench, s_ben, "ben.bin", "application/x-ben", s_both);
        await host.GetRequiredService<IDeliveries>().RegisterAsync(s_ben, s_bensDevice, Cancel);
        var files = await Erasing.ExportAsync(host, s_olga, Cancel);
        Assert.Equal(Encoding.ASCII.GetString(s_first), files["shares/files/mark-name.bin"]);
        Assert.Equal(Encoding.ASCII.GetString(s_both), files["shares/files/mark-second.bin"]);
        Assert.All(s_marks[1..], mark => Assert.Contains(files, file => file.Value.Contains(mark, StringComparison.Ordinal)));
        Assert.DoesNotContain(files, static file => file.Value.Contains("ben.bin", StringComparison.Ordinal) || file.Value.Contains(s_bensDevice, StringComparison.Ordinal));

        await Erasing.EraseAsync(host, s_olga, Cancel);
        Assert.Empty(await Erasing.FindAsync(host, s_marks, Cancel));
        Assert.Null(await host.GetRequiredService<IShares>().OpenAsync(s_olga, first, null, Cancel));
        Assert.Equal(0, await host.GetRequiredService<SpaceLedger>().UsedAsync(s_olga, Cancel));
        Assert.Empty(await ReferencesAsync(host, s_first));
        Assert.Equal(["share/" + bens], await ReferencesAsync(host, s_both));

        // Others have what they had.
        Assert.Equal("ben.bin", Assert.Single(await host.GetRequiredService<IShares>().ListAsync(s_ben, Cancel).ToListAsync(Cancel)).Name);
        var manifest = (await host.GetRequiredService<IShares>().OpenAsync(s_ben, bens, null, Cancel))!;
        Assert.Equal(s_both, await bench.Server.Http.GetByteArrayAsync(ShareExports.AddressOf(manifest, bench.Server.Address), Cancel));
        Assert.True(await host.GetRequiredService<IRecordStore>().GetAsync(RecordKey.Of("device-of", s_bensDevice), Cancel) is not null);

        await Erasing.EraseAsync(host, s_olga, Cancel);
        await Erasing.EraseAsync(host, PersonId.Parse("nobody-here"), Cancel);
        Assert.Equal("about.json", Assert.Single((await Erasing.ExportAsync(host, s_olga, Cancel)).Keys).TrimStart('.', '/'));
        Assert.Single(await host.GetRequiredService<IShares>().ListAsync(s_ben, Cancel).ToListAsync(Cancel));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_index_forgets_his_terminals_at_once()
    {
        await using var bench = await StartAsync();
        var host = bench.Server.Services;
        var share = await PlantAsync(bench);
        var (shares, index, advice) = (host.GetRequiredService<IShares>(), host.GetRequiredService<IChunkIndex>(), host.GetRequiredService<ServerAdvice>());
        var (his, bens) = ((await shares.OpenAsync(s_olga, share, s_device, Cancel))!, (await shares.OpenAsync(s_ben, share, s_bensDevice, Cancel))!);
        var (himself, ben) = (new SwarmMember { Device = s_device, IsWhole = true, Load = 0.5 }, new SwarmMember { Device = s_bensDevice, IsWhole = true });
        await index.AnnounceAsync(his.Content, himself, his.Ticket, Cancel);
        advice.Announced(his.Content, himself, System.Net.IPAddress.Loopback, []);
        Assert.Equal(s_device, Assert.Single((await index.AnnounceAsync(his.Content, ben, bens.Ticket, Cancel)).Members).Device);
        Assert.Single((await advice.AdviseAsync(his.Content, bens.Ticket, null, Cancel)).Members);

        await host.GetServices<IPersonalData>().Single(static part => part.Name == "shares").EraseAsync(s_olga, DateTimeOffset.UtcNow, Cancel);
        var after = await index.AnnounceAsync(his.Content, ben with { Version = 1 }, bens.Ticket, Cancel);
        Assert.Equal((1, 0), (after.Count, after.Members.Count));
        Assert.Empty((await advice.AdviseAsync(his.Content, bens.Ticket, null, Cancel)).Members);
    }

    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_goes_on_after_any_commit_that_failed(bool isLost)
    {
        var plan = new FaultPlan();
        await using var bench = await StartAsync(services => services.AddKeyedSingleton<IRecordStore>("driver", new FaultyRecordStore(new MemoryRecordStore(), plan)));
        var part = bench.Server.Services.GetServices<IPersonalData>().Single(static part => part.Name == "shares");
        for (var nth = 1; ; nth++)
        {
            await PlantAsync(bench);
            plan.Add("records.commit", isLost ? Fault.LosingAnswer() : Fault.Failing(), nth);
            var failed = await Erasing.InterruptAsync(part, s_olga, Cancel);
            plan.Clear();
            await Erasing.EraseAsync(bench.Server.Services, s_olga, Cancel);
            Assert.Empty(await Erasing.FindAsync(bench.Server.Services, s_marks, Cancel));
            Assert.Empty(await ReferencesAsync(bench.Server.Services, s_first));
            if (!failed)
            {
                Assert.True(nth > 3, "There were not that few commits.");
                return;
            }
        }
    }

    static Task<SwarmBench> StartAsync(Action<IServiceCollection>? more = null) => SwarmBench.StartAsync(
        static sharing => sharing.WithBackgroundWork(false),
        services =>
        {
            services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.UtcNow));
            more?.Invoke(services);
        });

    /// <summary>All that there can be of Olga.</summary>
    static async Task<ShareId> PlantAsync(SwarmBench bench)
    {
        var first = await ShareAsync(bench, s_olga, "mark-name.bin", "application/x-mark-type", s_first);
        await ShareAsync(bench, s_olga, "mark-second.bin", "application/x-mark-type", s_both);
        await bench.Server.Get<IDeliveries>().RegisterAsync(s_olga, s_device, Cancel);
        return first;
    }

    static async Task<ShareId> ShareAsync(SwarmBench bench, PersonId person, string name, string type, byte[] bytes)
    {
        var client = new UploadClient(bench.Server.Http, TimeProvider.System, _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(person)));
        var metadata = UploadMetadata.Of([new("filename", name), new("filetype", type), new("audience", "everyone")]);
        var receipt = await client.UploadAsync(new Uri(bench.Server.Address, $"v1/uploads/{IShares.Purpose}"), UploadSource.Of(new MemoryStream(bytes)), new() { Metadata = metadata }, Cancel);
        return ShareId.Parse(receipt.Result!);
    }

    static async Task<string[]> ReferencesAsync(IServiceProvider host, byte[] bytes) =>
        [.. (await host.GetRequiredService<IRecordStore>().ScanAsync(RecordRange.Under("reference", Samples.IdOf(bytes).ToString()), Cancel).ToListAsync(Cancel)).Select(static one => one.Key.Part(1))];
}
