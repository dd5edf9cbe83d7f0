using System.Globalization;
using System.Runtime.CompilerServices;
using Sharing.P2P;
using Spectre.Console;

namespace Sharing.Terminal;

/// <summary>Fetches a share, and shows how far it is: a bar, or a map of who gives which chunk if asked; lines where output goes elsewhere, JSON where a program reads.</summary>
static class ShareView
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    public static async Task<int> FetchAsync(Shell shell, ShareLink link, string? name, bool perSource, CancellationToken cancellationToken)
    {
        var session = await shell.SessionAsync(run: true, cancellationToken);
        var coming = session.Shares.FetchAsync(shell.Me, link, name, cancellationToken);
        var (last, isMapped) = (default(ShareDownload), false);
        try
        {
            (last, isMapped) = perSource && !shell.Json ? await MapAsync(session.Fetches, link.Share, coming, cancellationToken)
                : shell.Json || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? (await LinesAsync(shell, coming, cancellationToken), false)
                : (await BarAsync(coming, cancellationToken), false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await shell.CloseAsync(); // until what is there is durable
            shell.Say("Paused. The same command goes on.");
            return ExitCodes.Interrupted;
        }

        return End(shell, last, perSource && !isMapped);
    }

    static int End(Shell shell, ShareDownload? last, bool perSource)
    {
        if (last is not { IsFinished: true })
        {
            var code = last?.Failure ?? ProblemCodes.Internal;
            return CommandLine.Fault(shell.Json, code, last?.Message ?? "It ended too soon. The same command goes on.", ExitCodes.Of(code));
        }

        shell.Print(last, done =>
        {
            shell.Say($"{done.Name}, {Output.Bytes(done.Length)}: {done.SavedAs ?? "kept in the data folder"}");
            if (perSource && done.Sources.Count > 0)
            {
                Output.Table(["SOURCE", "BROUGHT"], done.Sources.OrderByDescending(static source => source.Bytes).Select(static source => (IReadOnlyList<string>)[source.Name, Output.Bytes(source.Bytes)]));
            }
        });
        return ExitCodes.Ok;
    }

    /// <returns>What came, and whether a map was shown: what is over in a moment has none.</returns>
    static async Task<(ShareDownload? Last, bool IsMapped)> MapAsync(IShareFetches fetches, ShareId share, IAsyncEnumerable<ShareDownload> coming, CancellationToken cancellationToken)
    {
        var ended = coming.LastOrDefaultAsync(cancellationToken).AsTask();
        var views = await ChunkMapView.ForConsole().ShowAsync(ViewsAsync(fetches, share, ended, cancellationToken), cancellationToken).CountAsync(cancellationToken);
        return (await ended, views > 0);
    }

    /// <summary>What the fetch of a share looks like, from when it is there until it ends.</summary>
    static async IAsyncEnumerable<FetchView> ViewsAsync(IShareFetches fetches, ShareId share, Task ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FetchView? found = null;
        while (found is null && !ended.IsCompleted)
        {
            found = await fetches.ListAsync(cancellationToken).FirstOrDefaultAsync(fetch => fetch.Share == share, cancellationToken);
            if (found is null)
            {
                await Task.WhenAny(ended, Task.Delay(LookAgain, cancellationToken));
            }
        }

        if (found is not null)
        {
            await foreach (var view in fetches.WatchAsync(found.Content, cancellationToken))
            {
                yield return view;
            }
        }
    }

    static async Task<ShareDownload?> LinesAsync(Shell shell, IAsyncEnumerable<ShareDownload> coming, CancellationToken cancellationToken)
    {
        ShareDownload? last = null;
        var told = -1L;
        await foreach (var now in coming.WithCancellation(cancellationToken))
        {
            last = now;
            var tenth = now.Length > 0 ? now.Done * 10 / now.Length : 0;
            if (now is { IsFinished: false, Failure: null } && (shell.Json || tenth != told))
            {
                told = tenth;
                shell.Print(now, n => shell.Say($"{n.Name}  {Output.Bytes(n.Done)} of {Output.Bytes(n.Length)}  {Output.Bytes(n.BytesPerSecond)}/s"));
            }
        }

        return last;
    }

    static async Task<ShareDownload?> BarAsync(IAsyncEnumerable<ShareDownload> coming, CancellationToken cancellationToken)
    {
        ShareDownload? last = null;
        await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("…");
                await foreach (var now in coming.WithCancellation(cancellationToken))
                {
                    last = now;
                    (bar.MaxValue, bar.Value) = (Math.Max(1, now.Length), now.Done);
                    bar.Description = Markup.Escape(string.Create(
                        CultureInfo.InvariantCulture, $"{Output.Line(now.Name)}  {Output.Bytes(now.Done)} of {Output.Bytes(now.Length)}  {Output.Bytes(now.BytesPerSecond)}/s  {now.Others} others"));
                }
            });
        return last;
    }
}
