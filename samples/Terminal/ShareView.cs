using System.Globalization;
using Sharing.P2P;
using Spectre.Console;

namespace Sharing.Terminal;

/// <summary>Fetches a share, and shows how far it is: a bar, with one for each source if asked; lines where output goes elsewhere, JSON where a program reads.</summary>
static class ShareView
{
    public static async Task<int> FetchAsync(Shell shell, ShareLink link, string? name, bool perSource, CancellationToken cancellationToken)
    {
        var session = await shell.SessionAsync(run: true, cancellationToken);
        var coming = session.Shares.FetchAsync(shell.Me, link, name, cancellationToken);
        ShareDownload? last = null;
        try
        {
            last = shell.Json || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
                ? await LinesAsync(shell, coming, perSource, cancellationToken)
                : await BarsAsync(coming, perSource, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await shell.CloseAsync(); // until what is there is durable
            shell.Say("Paused. The same command goes on.");
            return ExitCodes.Interrupted;
        }

        return End(shell, last, perSource);
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

    static async Task<ShareDownload?> LinesAsync(Shell shell, IAsyncEnumerable<ShareDownload> coming, bool perSource, CancellationToken cancellationToken)
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
                shell.Print(now, n => shell.Say($"{n.Name}  {Output.Bytes(n.Done)} of {Output.Bytes(n.Length)}  {Output.Bytes(n.BytesPerSecond)}/s" + (perSource ? "  " + Sources(n) : "")));
            }
        }

        return last;
    }

    static string Sources(ShareDownload now) => string.Join(", ", now.Sources.Select(static source => $"{source.Name} {Output.Bytes(source.Bytes)}"));

    static async Task<ShareDownload?> BarsAsync(IAsyncEnumerable<ShareDownload> coming, bool perSource, CancellationToken cancellationToken)
    {
        ShareDownload? last = null;
        await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                var whole = progress.AddTask("…");
                var sources = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                await foreach (var now in coming.WithCancellation(cancellationToken))
                {
                    last = now;
                    (whole.MaxValue, whole.Value) = (Math.Max(1, now.Length), now.Done);
                    whole.Description = Markup.Escape(string.Create(
                        CultureInfo.InvariantCulture, $"{Output.Line(now.Name)}  {Output.Bytes(now.Done)} of {Output.Bytes(now.Length)}  {Output.Bytes(now.BytesPerSecond)}/s  {now.Others} others"));
                    foreach (var source in perSource ? now.Sources : [])
                    {
                        if (!sources.TryGetValue(source.Name, out var bar))
                        {
                            sources[source.Name] = bar = progress.AddTask(Markup.Escape("  " + Output.Line(source.Name)));
                        }

                        (bar.MaxValue, bar.Value) = (Math.Max(1, now.Length), source.Bytes);
                    }
                }
            });
        return last;
    }
}
