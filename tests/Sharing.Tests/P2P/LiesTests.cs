using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>Terminals that lie while nobody else brings anything: the server is asked, and holds back what it has until the lie was told.</summary>
[Trait("Row", "D7")]
[Collection(nameof(AloneCollection))]
public sealed class LiesTests
{
    static readonly Lie[] AllLies = [.. Enum.GetValues<Lie>(), Lie.WrongBytes, Lie.Silent];

    /// <summary>A MiB for each liar, and three for the rest.</summary>
    static readonly long MostMemory = (AllLies.Length + 3) * 1024 * 1024;

    /// <summary>A source that fails is given up after so many times in a row.</summary>
    const int Failures = 8;

    /// <summary>An index that looks for terminals itself would be lied to first, and name few of these.</summary>
    static IServiceCollection NamesAnybody(IServiceCollection services) => services.Configure<P2POptions>(static options => options.ProvesAddresses = false);

    public static TheoryData<Lie> Lies => [.. Enum.GetValues<Lie>()];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_terminal_that_lies_is_asked_costs_a_group_and_is_dropped(Lie lie)
    {
        var told = new TaskCompletionSource();
        await using var bench = await SwarmBench.StartAsync(services: services => NamesAnybody(services).AddSingleton<IStartupFilter>(new HoldingBack(told.Task, proofs: IsOfProofs(lie))));
        var bytes = Samples.Random(1, (4 * 1024 * 1024) + 9);
        var share = await bench.ShareAsync(bytes);
        var terminal = await bench.TerminalAsync(services: Impatient);
        await using var liar = new LyingPeer(lie, bytes, TimesOf(lie));
        var manifest = await terminal.OpenAsync(share);
        await bench.AnnounceAsync(share, liar);
        var fetch = await terminal.FetchAsync(manifest);
        await liar.Told.WaitAsync(SwarmBench.Patience);
        told.SetResult();
        var (fetched, last) = await terminal.EndToldAsync(fetch);
        Assert.Equal(bytes, fetched);
        Assert.InRange(liar.Lies, TimesOf(lie), MostTimesOf(lie)); // it was asked, and not once more
        Assert.InRange(last.FromPeers - (lie == Lie.TurnsBad ? LyingPeer.GoodGroups * ContentTree.GroupSize : 0), 0, (lie == Lie.TurnsBad ? liar.Lies : 1) * ContentTree.GroupSize);
    }

    /// <summary>The memory is the whole process's, in which something of tests before may still be ending: that only ever adds to it, so the least of three counts.</summary>
    [Fact]
    public async Task Nine_of_ten_terminals_that_lie_in_every_way_hold_nothing_up()
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3 && least > MostMemory; attempt++)
        {
            least = Math.Min(least, await FetchAmongLiarsAsync());
        }

        Assert.InRange(least, long.MinValue, MostMemory);
    }

    /// <returns>How much memory it took at most, besides the content.</returns>
    static async Task<long> FetchAmongLiarsAsync()
    {
        await using var bench = await SwarmBench.StartAsync(services: static services => NamesAnybody(services));
        var bytes = Samples.Random(2, (8 * 1024 * 1024) + 9);
        var share = await bench.ShareAsync(bytes);
        var terminal = await bench.TerminalAsync(services: Impatient);
        var manifest = await terminal.OpenAsync(share);
        var liars = AllLies.Select(lie => new LyingPeer(lie, bytes)).ToList();
        var told = Task.WhenAll(liars.Where(static liar => liar.Lie is Lie.WrongBytes or Lie.OtherPlace or Lie.OtherContent or Lie.OtherTotal or Lie.Whole or Lie.Replayed or Lie.Packed or Lie.TooShort)
            .Select(static liar => liar.Told)); // until then honest ones bring nothing
        try
        {
            for (var honest = 0; honest < AllLies.Length / 9; honest++)
            {
                var holder = await bench.HolderAsync(share, services: services => services.AddSingleton<IStartupFilter>(new HoldingBack(told, proofs: false)));
                await holder.AnnounceAsync(await holder.OpenAsync(share));
            }

            foreach (var liar in liars)
            {
                await bench.AnnounceAsync(share, liar);
            }

            var (before, most) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
            var fetch = await terminal.FetchAsync(manifest, server: false, progress: new Progress<TransferProgress>(_ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true))));
            var (fetched, last) = await terminal.EndToldAsync(fetch);
            Assert.Equal(bytes, fetched);
            var good = bytes.Length + (LyingPeer.GoodGroups * ContentTree.GroupSize); // those may have come from another, too
            Assert.InRange(last.FromPeers, bytes.Length, good + (AllLies.Length * ContentTree.GroupSize));
            TestContext.Current.SendDiagnosticMessage($"{last.FromPeers - bytes.Length} bytes in vain, {most - before} bytes of memory at most; asked {string.Join(", ", liars.Select(static liar => $"{liar.Lie} {liar.ContentAsked}"))}");
            return most - before - bytes.Length;
        }
        finally
        {
            foreach (var liar in liars)
            {
                await liar.DisposeAsync();
            }
        }
    }

    /// <summary>What is proven wrong is told once; what merely fails is tried again, until it failed too often.</summary>
    static int TimesOf(Lie lie) => lie is Lie.Nothing or Lie.Redirect or Lie.HugeHeader or Lie.Garbage or Lie.ClosesAtOnce or Lie.ShortProofs ? Failures : 1;

    /// <summary>One that is trusted is asked twice at once, one that floods lies of its bytes, too; and where a connection ends without an answer, the client asks again by itself.</summary>
    static int MostTimesOf(Lie lie) => lie is Lie.TurnsBad or Lie.Flood ? 2 : lie == Lie.ClosesAtOnce ? 4 * Failures : TimesOf(lie);

    static bool IsOfProofs(Lie lie) => lie is Lie.OtherProofs or Lie.ShortProofs or Lie.EndlessProofs;

    static void Impatient(IServiceCollection services) => services.Configure<TransferOptions>(static transfers => transfers.FirstRest = TimeSpan.FromMilliseconds(1));

    /// <summary>The server answers no question for bytes, or for what proves them, before something has happened.</summary>
    sealed class HoldingBack(Task until, bool proofs) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, following) =>
            {
                var path = context.Request.Path.Value!;
                if (path.EndsWith("/content", StringComparison.Ordinal) || (proofs && path.EndsWith("/groups", StringComparison.Ordinal)))
                {
                    await until.WaitAsync(context.RequestAborted);
                }

                await following(context);
            });
            next(app);
        };
    }
}
