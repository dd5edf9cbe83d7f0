using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sharing.Offline;
using Sharing.Terminal.Commands;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sharing.Terminal;

/// <summary>Shows how far a download is: a bar where somebody looks, lines where output goes elsewhere, JSON where a program reads.</summary>
abstract class ProgressView
{
    /// <summary>The view for this output.</summary>
    public static ProgressView For(Shell shell) =>
        shell.Json ? new Json() : Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new Lines(shell.ReasonOf) : new Bar(shell.ReasonOf);

    /// <summary>Passes the items on, showing each.</summary>
    public abstract IAsyncEnumerable<DownloadItem> ShowAsync(IAsyncEnumerable<DownloadItem> items, CancellationToken cancellationToken);

    /// <summary>An item in one line, with the reason where it gets nothing.</summary>
    public static string LineOf(DownloadItem item, string? reason) => $"{item.Id}  {item.Resource.Name}  {Output.Done(item)}  " + item switch
    {
        { State: DownloadState.Running, Source: { } source } when reason is null => $"{Output.Bytes(item.BytesPerSecond)}/s  from {source}",
        { State: DownloadState.Running } when reason is not null => Waiting(item, reason),
        { State: DownloadState.Failed } when reason is not null => $"failed: {reason}",
        _ => DownloadCommands.StateOf(item),
    };

    static string Waiting(DownloadItem item, string? reason) => reason switch
    {
        null => $"waiting for {item.Resource.Address.Host}",
        _ when FetchReasons.Names(reason, item.Resource.Address) => $"waiting: {reason}",
        _ => $"waiting for {item.Resource.Address.Host}: {reason}",
    };

    sealed class Json : ProgressView
    {
        public override async IAsyncEnumerable<DownloadItem> ShowAsync(
            IAsyncEnumerable<DownloadItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in items.WithCancellation(cancellationToken))
            {
                if (item.State == DownloadState.Running)
                {
                    Shell.PrintJson(item); // the end is the command's to print
                }

                yield return item;
            }
        }
    }

    /// <summary>A line at the beginning, for each tenth, for another source, for a reason to wait, and every few seconds in any case.</summary>
    sealed class Lines(Func<DownloadItem, string?> reasonOf) : ProgressView
    {
        static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
        static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

        (long Tenth, string? Source, bool Waits) _told = (-1, null, false);
        long _since;

        public override async IAsyncEnumerable<DownloadItem> ShowAsync(
            IAsyncEnumerable<DownloadItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            DownloadItem? newest = null;
            await using var coming = items.GetAsyncEnumerator(cancellationToken);
            for (var next = coming.MoveNextAsync().AsTask(); ;)
            {
                await Task.WhenAny(next, Task.Delay(LookAgain, CancellationToken.None));
                if (next.IsCompleted)
                {
                    if (!await next)
                    {
                        yield break;
                    }

                    yield return newest = coming.Current;
                    next = coming.MoveNextAsync().AsTask();
                }

                if (newest is { State: DownloadState.Running })
                {
                    Tell(newest);
                }
            }
        }

        void Tell(DownloadItem item)
        {
            var reason = reasonOf(item);
            var now = (item.Resource.Length is > 0 and var all ? item.Done * 10 / all : 0, item.Source, reason is not null);
            if (now != _told || Stopwatch.GetElapsedTime(_since) > Quiet)
            {
                (_told, _since) = (now, Stopwatch.GetTimestamp());
                Console.Out.WriteLine(Output.Line(item.Source is null ? $"{item.Id}  {item.Resource.Name}  {Waiting(item, reason)}" : LineOf(item, reason)));
            }
        }
    }

    sealed class Bar(Func<DownloadItem, string?> reasonOf) : ProgressView
    {
        public override async IAsyncEnumerable<DownloadItem> ShowAsync(
            IAsyncEnumerable<DownloadItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            DownloadItem? newest = null;
            await AnsiConsole.Progress().AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                    new ItemColumn(() => newest is null ? "" : Amount(newest)),
                    new ItemColumn(() => newest?.Source is null ? "" : $"{Output.Bytes(newest.BytesPerSecond)}/s"),
                    new ItemColumn(() => newest switch
                    {
                        { State: DownloadState.Running } when newest.Source is null || reasonOf(newest) is not null => Output.Line(Waiting(newest, reasonOf(newest))),
                        { Source: { } source } => $"from {Output.Line(source)}",
                        _ => "",
                    }))
                .StartAsync(async progress =>
                {
                    var task = progress.AddTask("…");
                    await foreach (var item in items.WithCancellation(cancellationToken))
                    {
                        newest = item;
                        task.Description = Markup.Escape(Short(Output.Line(item.Resource.Name)));
                        task.IsIndeterminate = item.Resource.Length is null;
                        task.MaxValue = Math.Max(1, item.Resource.Length ?? 1);
                        task.Value = item.Resource.Length is null ? 0 : item.Done;
                    }
                });
            if (newest is not null)
            {
                yield return newest;
            }
        }

        static string Amount(DownloadItem item) => item.Resource.Length is { } all ? $"{Output.Bytes(item.Done)} of {Output.Bytes(all)}" : Output.Bytes(item.Done);

        static string Short(string name) => name.Length <= 32 ? name : string.Create(CultureInfo.InvariantCulture, $"{name[..20]}…{name[^11..]}");
    }

    sealed class ItemColumn(Func<string> text) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text());
    }
}
