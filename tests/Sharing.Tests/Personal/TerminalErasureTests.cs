using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Tests.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Personal;

/// <summary>What a terminal keeps about one of those who use it.</summary>
[Trait("Row", "C1")]
public sealed class TerminalErasureTests : IDisposable
{
    static readonly PersonId s_olga = PersonId.Parse("olga-mark-person"), s_ben = PersonId.Parse("ben");
    static readonly byte[] s_own = Encoding.ASCII.GetBytes("own bytes " + new string('o', 100_000)), s_bens = Encoding.ASCII.GetBytes("Ben's bytes " + new string('b', 100_000));
    static readonly byte[] s_fetched = Encoding.ASCII.GetBytes("mark-bytes-fetched " + new string('f', 200_000)), s_bensFetched = Encoding.ASCII.GetBytes("Ben's fetched bytes " + new string('g', 200_000));
    static readonly byte[] s_running = Encoding.ASCII.GetBytes("what nobody has yet " + new string('r', 200_000));
    static readonly string[] s_marks = [s_olga.Value, "mark-folder", "mark-file", "mark-fetched", "mark-running"];

    readonly TemporaryFolder _folder = new(), _bensFolder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Marked => _folder.Join("mark-folder");

    public void Dispose()
    {
        _folder.Dispose();
        _bensFolder.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task Shared_folders_and_fetched_shares_are_taken_out_and_are_gone_after_that_and_files_and_what_is_others_stay()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var terminal = await HomeTerminal.StartAsync(bench.Server.Address, s_olga);
        var host = terminal.Get<IServiceProvider>();
        await PlantAsync(bench, terminal);
        var running = await terminal.FetchAsync((await terminal.OpenAsync(new() { Server = bench.Server.Address, Share = await BeginAsync(bench, "mark-running.bin", s_running) }))!);
        await using var ends = running;

        File.WriteAllBytes(_bensFolder.Join("bens.txt"), s_bens);
        await terminal.Folders.AddAsync(s_ben, new() { Path = _bensFolder.Path, Audience = Audience.Everyone }, Cancel);
        await terminal.LookAsync();
        var bens = (await terminal.Get<ShareOpener>().OpenAsync(s_ben, new() { Server = bench.Server.Address, Share = await ShareAsync(bench, "ben-fetched.bin", s_bensFetched) }, cancellationToken: Cancel))!;
        await terminal.EndAsync(await terminal.Get<SwarmNode>().FetchAsync(bens, terminal.Get<ShareServers>().IndexAt(bens.Server), s_ben, cancellationToken: Cancel));

        var files = await Erasing.ExportAsync(host, s_olga, Cancel);
        Assert.Equal(Encoding.ASCII.GetString(s_fetched), files["terminal/files/mark-fetched.bin"]);
        Assert.All(s_marks[1..], mark => Assert.Contains(files, file => file.Value.Contains(mark, StringComparison.Ordinal)));
        Assert.DoesNotContain(files, static file => file.Value.Contains("bens.txt", StringComparison.Ordinal) || file.Value.Contains("ben-fetched", StringComparison.Ordinal) || file.Value.Contains("ticket", StringComparison.OrdinalIgnoreCase));

        await EraseAsync(host, s_olga);
        Assert.Empty(await Erasing.FindAsync(host, s_marks, Cancel));
        Assert.True(running.Transfer.Completion.IsCompleted);
        Assert.Null(await host.GetRequiredService<IRecordStore>().GetAsync(RecordKey.Of("transfer", $"share.{running.Manifest.Content}"), Cancel));
        Assert.Empty(await ReferencesAsync(host, s_fetched));
        Assert.Null(await terminal.Get<FileLinks>().FindAsync(Samples.IdOf(s_own), Cancel));
        Assert.Null(await terminal.Get<HeldShares>().CheckAsync(running.Manifest.Ticket, running.Manifest.Content, Cancel));
        Assert.Equal(s_own, await File.ReadAllBytesAsync(Path.Combine(Marked, "mark-file.txt"), Cancel));
        await terminal.LookAsync();
        Assert.Empty(await Erasing.FindAsync(host, s_marks, Cancel));

        // Ben's things are there, and are given to others.
        var bensFile = Assert.Single(await terminal.Folders.FilesAsync(s_ben, cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal(("bens.txt", FolderFileState.Shared), (bensFile.Path, bensFile.State));
        Assert.NotNull(await terminal.Get<FileLinks>().FindAsync(Samples.IdOf(s_bens), Cancel));
        Assert.NotNull(await terminal.Get<HeldShares>().CheckAsync(bens.Manifest.Ticket, bens.Manifest.Content, Cancel));
        Assert.Single(await ReferencesAsync(host, s_bensFetched));
        Assert.Equal(s_bensFetched, await Samples.ReadAsync(terminal.Get<IContentStore>(), new(Samples.IdOf(s_bensFetched), s_bensFetched.Length)));

        await EraseAsync(host, s_olga);
        await EraseAsync(host, PersonId.Parse("nobody-here"));
        Assert.Single(await Erasing.ExportAsync(host, s_olga, Cancel));
        Assert.Single(await terminal.Folders.ListAsync(s_ben, Cancel).ToListAsync(Cancel));
    }

    [Theory(Timeout = 240_000)]
    [InlineData("terminal")]
    [InlineData("folders")]
    public async Task It_goes_on_after_any_commit_that_failed(string name)
    {
        var plan = new FaultPlan();
        await using var bench = await SwarmBench.StartAsync();
        await using var terminal = await HomeTerminal.StartAsync(
            bench.Server.Address, s_olga, sharing => sharing.Services.AddKeyedSingleton<IRecordStore>("driver", new FaultyRecordStore(new MemoryRecordStore(), plan)));
        var host = terminal.Get<IServiceProvider>();
        var part = host.GetServices<IPersonalData>().Single(part => part.Name == name);
        for (var nth = 1; ; nth++)
        {
            await PlantAsync(bench, terminal);
            plan.Add("records.commit", Fault.Failing(), nth);
            var failed = await Erasing.InterruptAsync(part, s_olga, Cancel);
            plan.Clear();
            await EraseAsync(host, s_olga);
            Assert.Empty(await Erasing.FindAsync(host, s_marks, Cancel));
            Assert.Empty(await ReferencesAsync(host, s_fetched));
            if (!failed)
            {
                Assert.True(nth > 3, "There were not that few commits.");
                return;
            }
        }
    }

    /// <summary>Every part, until nothing is left: terminals have a clock of their own.</summary>
    static async Task EraseAsync(IServiceProvider host, PersonId person)
    {
        foreach (var part in host.GetServices<IPersonalData>())
        {
            Assert.False(await Erasing.InterruptAsync(part, person, Cancel));
        }
    }

    /// <summary>All that there can be of Olga: a shared folder with a file, and a fetched share.</summary>
    async Task PlantAsync(SwarmBench bench, HomeTerminal terminal)
    {
        Directory.CreateDirectory(Marked);
        File.WriteAllBytes(Path.Combine(Marked, "mark-file.txt"), s_own);
        await terminal.Folders.AddAsync(s_olga, new() { Path = Marked, Audience = Audience.Everyone }, Cancel);
        await terminal.LookAsync();
        Assert.Equal(FolderFileState.Shared, Assert.Single(await terminal.FilesAsync()).Value.State);
        Assert.Equal(s_fetched, await terminal.GetAsync(new() { Server = bench.Server.Address, Share = await ShareAsync(bench, "mark-fetched.bin", s_fetched) }));
    }

    static async Task<ShareId> ShareAsync(SwarmBench bench, string name, byte[] bytes)
    {
        var metadata = UploadMetadata.Of([new("filename", name), new("audience", "everyone")]);
        return ShareId.Parse((await ClientOf(bench).UploadAsync(SpaceOf(bench), UploadSource.Of(new MemoryStream(bytes)), new() { Metadata = metadata }, Cancel)).Result!);
    }

    /// <summary>A share whose bytes nobody has yet.</summary>
    static async Task<ShareId> BeginAsync(SwarmBench bench, string name, byte[] bytes) => ShareId.Parse(
        (await ClientOf(bench).CreateAsync(SpaceOf(bench), bytes.Length, UploadMetadata.Of([new("filename", name), new("audience", "everyone"), new("content", Samples.IdOf(bytes).ToString())]), Cancel)).Segments[^1]);

    static UploadClient ClientOf(SwarmBench bench) => new(bench.Server.Http, TimeProvider.System, static _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(SwarmBench.Anna)));

    static Uri SpaceOf(SwarmBench bench) => new(bench.Server.Address, $"v1/uploads/{IShares.Purpose}");

    static async Task<string[]> ReferencesAsync(IServiceProvider host, byte[] bytes) =>
        [.. (await host.GetRequiredService<IRecordStore>().ScanAsync(RecordRange.Under("reference", Samples.IdOf(bytes).ToString()), Cancel).ToListAsync(Cancel)).Select(static one => one.Key.Part(1))];
}
